namespace Weft.Provisioning;

/// <summary>A node as the system that it came from knows it.</summary>
public sealed record ClusterNode
{
    public required NodeId Id { get; init; }

    public required NodeState State { get; init; }

    /// <summary>What the system says of it, in its own words: why it waits, how it ended. Null: nothing in particular.</summary>
    public string? Detail { get; init; }

    /// <summary>The name or address of the host that it runs on; null: not known (yet).</summary>
    public string? Host { get; init; }

    /// <summary>What the system calls it, for whoever looks there: <c>job 12.3</c>, <c>process 4711</c>.</summary>
    public required string SystemName { get; init; }

    /// <summary>It may be taken away.</summary>
    public bool IsSpot { get; init; }
}
