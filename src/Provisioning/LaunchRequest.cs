namespace Weft.Provisioning;

/// <summary>Nodes of one type with consecutive numbers, which are asked for at once.</summary>
public sealed record LaunchRequest
{
    /// <summary>The node type's name in the cluster file; the head's is <c>head</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The number of the first node; from 1 on.</summary>
    public required int First { get; init; }

    /// <summary>How many nodes; at least one.</summary>
    public required int Count { get; init; }

    /// <summary>
    /// What a node runs, for <c>/bin/sh</c>: it ends when the node's work does. The provider sets, and exports, before it: <c>WEFT_CLUSTER</c> (the cluster's name), <c>WEFT_NODE_TYPE</c> and
    /// <c>WEFT_NODE</c> (<see cref="NodeId"/> as text).
    /// </summary>
    public required string Script { get; init; }

    /// <summary>What the script needs on the node; in this order.</summary>
    public IReadOnlyList<NodeFile> Files { get; init; } = [];

    /// <summary>What a node of the type offers.</summary>
    public required NodeCapacity Capacity { get; init; }

    /// <summary>Of the type's section <c>node_config</c>.</summary>
    public required Settings NodeSettings { get; init; }

    /// <summary>Whether nodes are asked for that may be taken away, where there is a choice.</summary>
    public bool IsSpot { get; init; }

    /// <summary>How long before its end a node is told, so that its workers can leave without a loss.</summary>
    public TimeSpan Notice { get; init; } = TimeSpan.FromSeconds(30);

    public IEnumerable<NodeId> Nodes => Enumerable.Range(First, Count).Select(number => new NodeId(Type, number));
}
