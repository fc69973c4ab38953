using System.Globalization;

namespace Weft.Worker;

/// <summary>
/// The contexts of the tasks of one thread. Code that does not name <see cref="TaskContext"/> gets one for all of its calls, which serves
/// only to leave the slot while it waits for futures.
/// </summary>
internal sealed class TaskContexts(ISlotHost host, ChunkRun chunk, InsideWait wait)
{
    private readonly TaskContext _shared = TaskContext.Create(new TaskContextValues { WorkerName = host.WorkerName, WaitInside = wait });

    /// <summary>The present context is a call's own.</summary>
    private bool _isOwn = true;

    public void EnterShared()
    {
        if (_isOwn)
        {
            _isOwn = false;
            _shared.Enter();
        }
    }

    /// <summary><see cref="Enter"/>, made a delegate once.</summary>
    public Action<int> Begin => field ??= Enter;

    /// <summary>Makes the context of a call that begins, on the thread that runs it.</summary>
    private void Enter(int call)
    {
        _isOwn = true;
        var task = chunk.Run.First + call;
        var function = chunk.Function!;
        TaskContext.Create(new TaskContextValues
        {
            Key = string.Create(CultureInfo.InvariantCulture, $"{function.Name}-{task.Value:x}"),
            TaskId = task.ToString(),
            Attempt = (long)chunk.Attempt.Value,
            WorkerName = host.WorkerName,
            CancellationToken = chunk.TokenOf(call),
            Client = () => host.ClientFor(function),
            WaitInside = wait,
        }).Enter();
    }
}
