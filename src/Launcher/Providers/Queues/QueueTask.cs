using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>A task of an array job, which is a node.</summary>
internal sealed record QueueTask
{
    public required NodeId Node { get; init; }

    /// <summary>The number of its job; later ones are higher.</summary>
    public required long Job { get; init; }

    /// <summary>Its number in the job.</summary>
    public required int Index { get; init; }

    public required NodeState State { get; init; }

    /// <summary>The system's own words.</summary>
    public string? Detail { get; init; }

    public string? Host { get; init; }

    /// <summary>The system still has it: it runs, waits, or stands there with an error. False: it is only remembered.</summary>
    public bool IsQueued => State is NodeState.Waiting or NodeState.Running or NodeState.Ending || IsStuck;

    /// <summary>It failed, and stays in the queue until somebody deletes it.</summary>
    public bool IsStuck { get; init; }

    /// <summary>As the system writes it: <c>12.3</c>, <c>12_3</c>.</summary>
    public required string SystemName { get; init; }

    public ClusterNode ToNode() => new() { Id = Node, State = State, Detail = Detail, Host = Host, SystemName = $"job {SystemName}" };
}
