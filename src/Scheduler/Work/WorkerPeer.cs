using Weft.Grpc;
using Weft.Primitives;
using Weft.Protocol.V1;

namespace Weft.Scheduler;

/// <summary>One worker's stream, as the loop sees it.</summary>
internal sealed class WorkerPeer
{
    public WorkerPeer(WorkerId id, WorkerHello hello, FunctionTable functions, IServerStreamWriter<WorkerOrders> stream, Action<WorkerPeer, Exception?> written, CancellationToken ended)
    {
        Id = id;
        Hello = hello;
        Orders = new WorkerOrdersWriter(functions);
        Outbox = new Outbox<WorkerOrders>(stream, failure => written(this, failure), ended);
    }

    public WorkerId Id { get; }

    public WorkerHello Hello { get; }

    public WorkerOrdersWriter Orders { get; }

    public Outbox<WorkerOrders> Outbox { get; }

    /// <summary>The last heartbeat, for people.</summary>
    public Heartbeat Heartbeat { get; set; } = new();

    public long LastHeardMs { get; set; }

    /// <summary>Messages that were applied, and how many facts must be safe before they are.</summary>
    public Queue<(long Facts, ulong Number)> Unsafe { get; } = [];

    /// <summary>Tells it which of its messages are safe when so many facts are.</summary>
    public void Acknowledge(long safeFacts)
    {
        var upTo = 0UL;
        while (Unsafe.TryPeek(out var message) && message.Facts <= safeFacts)
        {
            upTo = Unsafe.Dequeue().Number;
        }

        if (upTo > 0)
        {
            Outbox.Open(16).ReceivedUpTo = upTo;
        }
    }

    /// <summary>Completes with why the scheduler sent it away.</summary>
    public TaskCompletionSource<Status> Dismissed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
