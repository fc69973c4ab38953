namespace Weft.Autoscaler.Core;

/// <summary>What there is to decide on, as of now: everything, each time.</summary>
public sealed record Observation
{
    /// <summary>
    /// All nodes that the provider knows, those that have ended as long as it remembers them. What it said last when it could not be asked this time; see <see cref="IsNodeListComplete"/>.
    /// </summary>
    public required IReadOnlyList<ObservedNode> Nodes { get; init; }

    /// <summary>The provider was asked just now, and answered with all of it: a node that is missing has gone.</summary>
    public required bool IsNodeListComplete { get; init; }

    /// <summary>The scheduler was asked just now and answered. If not, <see cref="Workers"/> and <see cref="Demand"/> say nothing and are not looked at.</summary>
    public required bool IsSchedulerHeard { get; init; }

    /// <summary>All workers, of whatever nodes.</summary>
    public IReadOnlyList<ObservedWorker> Workers { get; init; } = [];

    public ClusterDemand Demand { get; init; } = new();

    /// <summary>What people asked for, for as long as it holds.</summary>
    public WantedSize Wanted { get; init; } = new();
}
