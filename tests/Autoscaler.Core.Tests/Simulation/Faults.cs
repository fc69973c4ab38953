namespace Weft.Autoscaler.Core.Tests;

/// <summary>A span of time in which something does not work.</summary>
internal readonly record struct Window(long FromMs, long ToMs)
{
    public bool Holds(long nowMs) => nowMs >= FromMs && nowMs < ToMs;
}

/// <summary>Launches of one type, in one way, are refused.</summary>
internal sealed record Refusal(string Type, bool IsSpot, Window When, LaunchFailureKind Kind);

/// <summary>What goes wrong, until <see cref="EndMs"/>; nothing does after it.</summary>
internal sealed record Faults
{
    public static readonly Faults None = new();

    public long EndMs { get; init; }

    public IReadOnlyList<Refusal> Refusals { get; init; } = [];

    public IReadOnlyList<Window> ListFails { get; init; } = [];

    public IReadOnlyList<Window> SchedulerIsAway { get; init; } = [];

    /// <summary>Of a thousand nodes, those that never get a worker, those that end before they do, and spot nodes that are taken away.</summary>
    public int DeadBoots { get; init; }

    public int EndsAtOnce { get; init; }

    public int Preemptions { get; init; }

    /// <summary>Of a thousand drains, those that are refused.</summary>
    public int RefusedDrains { get; init; }

    /// <summary>Of a thousand looks at a node, those in which its workers have just lost their connection.</summary>
    public int BrokenConnections { get; init; }

    /// <summary>Nodes are listed so long after they were accepted, at most.</summary>
    public long ListLagMs { get; init; }
}
