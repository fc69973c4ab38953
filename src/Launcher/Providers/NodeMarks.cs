using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>Variables in the environment of all processes of a cluster, by which they are found.</summary>
internal static class NodeMarks
{
    public const string Cluster = "WEFT_CLUSTER";

    public const string NodeType = "WEFT_NODE_TYPE";

    public const string Node = "WEFT_NODE";

    /// <summary>The head's type; its one node has the number 1.</summary>
    public const string HeadType = "head";

    public static readonly NodeId Head = new(HeadType, 1);
}
