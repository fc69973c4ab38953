namespace Weft.Autoscaler.Core;

/// <summary>What the shell is to do, in the order in which it is said. All but launches may be said again, and change nothing then.</summary>
public abstract record AutoscalerAction;

/// <summary>Launch nodes of one type with consecutive numbers, by one request: a queue's array job. To be answered by <see cref="LaunchAnswered"/>.</summary>
public sealed record LaunchNodes(string Type, int First, int Count, bool IsSpot) : AutoscalerAction;

/// <summary>Ask the workers of these nodes to leave. What they hold goes to others, what runs there ends first.</summary>
public sealed record DrainNodes(IReadOnlyList<NodeKey> Nodes, string Reason) : AutoscalerAction
{
    public bool Equals(DrainNodes? other) => other is not null && Reason == other.Reason && Nodes.SequenceEqual(other.Nodes);

    public override int GetHashCode() => Nodes.Count;
}

/// <summary>End these nodes at once. Said again every few seconds until they are gone.</summary>
public sealed record TerminateNodes(IReadOnlyList<NodeKey> Nodes, string Reason) : AutoscalerAction
{
    public bool Equals(TerminateNodes? other) => other is not null && Reason == other.Reason && Nodes.SequenceEqual(other.Nodes);

    public override int GetHashCode() => Nodes.Count;
}

/// <summary>No worker node is left, and the head has no more to do.</summary>
public sealed record EndHead(string Reason) : AutoscalerAction;
