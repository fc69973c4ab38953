namespace Weft.Autoscaler.Core.Tests;

internal sealed class SimulatedNode(NodeKey key, bool isSpot, long priceMicros)
{
    public NodeKey Key { get; } = key;

    public bool IsSpot { get; } = isSpot;

    public long PriceMicros { get; } = priceMicros;

    public ObservedState State { get; set; } = ObservedState.Waiting;

    public long ListedMs { get; set; }

    public long RunsMs { get; set; }

    /// <summary>When its worker is there; never: it does not boot.</summary>
    public long WorkerMs { get; set; } = long.MaxValue;

    public bool HadWorker { get; set; }

    /// <summary>When it ends by itself: taken away, or broken.</summary>
    public long DiesMs { get; set; } = long.MaxValue;

    /// <summary>When its workers hear that it will be taken away.</summary>
    public long NoticeMs { get; set; } = long.MaxValue;

    /// <summary>It ended by itself, and will be listed as failed when it is over.</summary>
    public bool HasFailed { get; set; }

    public long EndedMs { get; set; } = long.MaxValue;

    public bool IsOver => State is ObservedState.Ended or ObservedState.Failed;
}
