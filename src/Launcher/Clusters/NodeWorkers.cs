using V1 = Weft.Protocol.V1;

namespace Weft.Launcher;

/// <summary>Workers by the nodes that they are on.</summary>
public static class NodeWorkers
{
    /// <summary>What people named, with each node replaced by its workers: <c>NODE</c>, or <c>NODE-0</c>, <c>NODE-1</c>….</summary>
    /// <param name="named">Nodes, workers, addresses, hosts; what is no node is left as it is.</param>
    /// <param name="info">What the scheduler says of its cluster.</param>
    public static IReadOnlyList<string> Expand(IEnumerable<string> named, V1.ClusterInfo info)
    {
        var nodes = info.Nodes?.Nodes.Select(static node => node.Name).ToHashSet(StringComparer.Ordinal) ?? [];
        return [.. named.SelectMany(word => nodes.Contains(word) && Of(word, nodes, info) is { Count: > 0 } workers ? workers : [word]).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>A worker that has the name of another node is that one's: <c>gpu-1-2</c> is node 2 of type <c>gpu-1</c> if there is such a node.</summary>
    private static List<string> Of(string node, HashSet<string> nodes, V1.ClusterInfo info) =>
        [.. info.Workers.Select(static worker => worker.Name).Where(name => name == node || (IsNumbered(name, node) && !nodes.Contains(name)))];

    private static bool IsNumbered(string name, string node) =>
        name.Length > node.Length + 1 && name.StartsWith(node, StringComparison.Ordinal) && name[node.Length] == '-' && name.AsSpan(node.Length + 1).IndexOfAnyExceptInRange('0', '9') < 0;
}
