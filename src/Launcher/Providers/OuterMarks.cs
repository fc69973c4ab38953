namespace Weft.Launcher;

/// <summary>
/// Variables that say which node, job or run this process is a part of. A node that it starts, or has started by a queue that hands the environment on, is a part of none of them: what ends them would find
/// it where both share a host.
/// </summary>
internal static class OuterMarks
{
    public static IReadOnlyList<string> Variables { get; } = [NodeMarks.Cluster, NodeMarks.NodeType, NodeMarks.Node, JobMarks.Job, JobMarks.Supervisor, RemoteScript.MarkVariable];
}
