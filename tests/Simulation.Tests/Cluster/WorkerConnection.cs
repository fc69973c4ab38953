using Weft.Primitives;
using Weft.Scheduler;
using V1 = Weft.Protocol.V1;

namespace Weft.Simulation.Tests;

/// <summary>A worker's stream: its two directions, and what the scheduler knows of it.</summary>
internal sealed class WorkerConnection(V1.WorkerHello hello, Link toScheduler, Link toWorker, WorkerProcess process)
{
    public V1.WorkerHello Hello => hello;

    public WorkerId Id { get; set; } = WorkerId.None;

    /// <summary>Kept by the worker.</summary>
    public bool IsWelcomed { get; set; }

    /// <summary>Kept by the scheduler.</summary>
    public WorkerOrdersWriter? Orders { get; set; }

    public Link ToScheduler => toScheduler;

    public void Dismiss(bool mayReturn)
    {
        toScheduler.Close();
        toWorker.Send(() => process.OnDismissed(this, mayReturn), mayRepeat: false);
    }

    /// <summary>
    /// Sends orders. Of a repetition only those parts come again that a worker is to bear: retracts, cancels and the names of holders.
    /// A value, a free or an assignment is said once, because nothing in it tells a late repetition from a new order.
    /// </summary>
    public void Order(V1.WorkerOrders orders)
    {
        toWorker.Send(() => process.OnOrders(this, orders), mayRepeat: false);
        var guarded = new V1.WorkerOrders();
        guarded.Holders.AddRange(orders.Holders);
        guarded.Retract.AddRange(orders.Retract);
        guarded.Cancel.AddRange(orders.Cancel);
        toWorker.Repeat(() => process.OnOrders(this, guarded));
    }

    /// <summary>Batches that were applied and are safe when so many facts are. Kept by the scheduler.</summary>
    public Queue<(long Facts, ulong Number)> Unsafe { get; } = [];

    /// <summary>The number of the first batch that is not acknowledged.</summary>
    public ulong NextNumber { get; set; }

    private readonly HashSet<ulong> _safe = [];

    /// <summary>
    /// Up to which number all batches are safe; 0: no news. A real stream keeps their order, and so its last one speaks for those before; here one may have overtaken others.
    /// </summary>
    public ulong TakeSafe(long facts)
    {
        while (Unsafe.TryPeek(out var batch) && batch.Facts <= facts)
        {
            _safe.Add(Unsafe.Dequeue().Number);
        }

        var before = NextNumber;
        while (_safe.Remove(NextNumber))
        {
            NextNumber++;
        }

        return NextNumber > before ? NextNumber - 1 : 0;
    }

    public void LoseScheduler() => process.Break();

    public WorkerProcess Process => process;

    public List<V1.WorkerBatch> Early { get; } = [];

    public void Hold(bool isToScheduler, long us) => (isToScheduler ? toScheduler : toWorker).Hold(us);

    /// <summary>It broke: what is under way is lost.</summary>
    public void Break()
    {
        toScheduler.Close();
        toWorker.Close();
    }

    /// <summary>The process is gone: nothing comes to it any more. What it has sent may still arrive.</summary>
    public void CloseToWorker() => toWorker.Close();
}
