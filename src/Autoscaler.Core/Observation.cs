namespace Weft.Autoscaler.Core;

/// <summary>What there is to decide on, as of now: everything, each time.</summary>
public sealed record Observation
{
    /// <summary>All nodes that the provider knows, those that have ended as long as it remembers them.</summary>
    public required IReadOnlyList<ObservedNode> Nodes { get; init; }

    /// <summary>The provider was asked just now and answered with all of it: a node that is missing has gone. If not, <see cref="Nodes"/> is not looked at.</summary>
    public required bool IsNodeListComplete { get; init; }

    /// <summary>
    /// The scheduler was asked just now and answered. False, too, while it waits for its workers to come back after a restart. If not, <see cref="Workers"/> and <see cref="Demand"/> are not looked at, and
    /// nothing is launched or drained.
    /// </summary>
    public required bool IsSchedulerHeard { get; init; }

    /// <summary>All workers, of whatever nodes.</summary>
    public IReadOnlyList<ObservedWorker> Workers { get; init; } = [];

    public ClusterDemand Demand { get; init; } = new();

    /// <summary>What people asked for, for as long as it holds: what was heard last when the scheduler is not heard.</summary>
    public WantedSize Wanted { get; init; } = new();
}
