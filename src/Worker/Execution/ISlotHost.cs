using Weft.Primitives;

namespace Weft.Worker;

/// <summary>What a slot's thread needs of the worker it belongs to.</summary>
internal interface ISlotHost
{
    string WorkerName { get; }

    LogCollector Logs { get; }

    /// <summary>The client by which tasks submit others from within; connected when first asked for.</summary>
    WeftClient ClientFor(ResolvedFunction function);

    /// <summary>The function, loaded; waits when its code is still on its way.</summary>
    ResolvedFunction FindFunction(uint number);

    /// <summary>Waits until the session's setups have run on this worker; returns how one of them failed, null when none did.</summary>
    TaskError? WaitForSetups(SessionId session);

    /// <summary>
    /// Reports what the thread's chunk has finished, and then, if there is an error, that its next call failed. True when the chunk has ended:
    /// the thread has no business with it any more, and may have been given the next.
    /// </summary>
    bool Report(SlotThread thread, TaskError? error);

    /// <summary>Watches the run limit of the thread's chunk until disposed.</summary>
    IDisposable Watch(SlotThread thread);

    /// <summary>The thread's task waits inside: its slot is free.</summary>
    void BeginWait(SlotThread thread);

    /// <summary>The thread's task can go on; <see cref="InsideWait.Resume"/> is called when it has a slot.</summary>
    void EndWait(SlotThread thread);
}
