using Weft.Primitives;

namespace Weft.Autoscaler.Core;

/// <summary>A worker process as the scheduler knows it.</summary>
public sealed record ObservedWorker
{
    public required string Name { get; init; }

    /// <summary>The node it runs on; null: none of ours, somebody started it by hand. Its slots count, and it is let alone.</summary>
    public NodeKey? Node { get; init; }

    public required int Slots { get; init; }

    /// <summary>Tasks that were given to it and are not over, running ones and those that wait inside included.</summary>
    public int Assigned { get; init; }

    /// <summary>Tasks that hold a slot.</summary>
    public int Running { get; init; }

    /// <summary>For how long the one that has run longest has, waiting inside included; zero: none runs.</summary>
    public long LongestRunningMs { get; init; }

    /// <summary>Tasks that began and wait for other tasks, without a slot: parents.</summary>
    public int WaitingInside { get; init; }

    /// <summary>Since when nothing is assigned to it, as a duration; zero: something is.</summary>
    public long IdleMs { get; init; }

    /// <summary>Results that it holds.</summary>
    public long StoredBytes { get; init; }

    /// <summary>Its memory is near its limit: it begins nothing until there is room again.</summary>
    public bool IsPaused { get; init; }

    /// <summary>It was asked to leave, and is about to.</summary>
    public bool IsLeaving { get; init; }

    /// <summary>Why it was not let go when it was last asked to; null: it was not asked, or goes.</summary>
    public string? RefusedToLeave { get; init; }

    /// <summary>Named resources that it offers. Looked at when it is none of our nodes'; those offer what their type does.</summary>
    public ResourceAmounts Resources { get; init; } = ResourceAmounts.None;

    /// <summary>Named resources of what runs there.</summary>
    public ResourceAmounts ResourcesInUse { get; init; } = ResourceAmounts.None;
}
