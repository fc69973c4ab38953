namespace Weft.Autoscaler.Core;

/// <summary>What is to be done, gathered during one step: nodes with the same reason together.</summary>
internal sealed class Orders
{
    private readonly SortedDictionary<string, SortedSet<NodeKey>> _drains = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, SortedSet<NodeKey>> _terminations = new(StringComparer.Ordinal);
    private readonly List<AutoscalerAction> _rest = [];

    public void Drain(NodeKey node, string reason) => Add(_drains, node, reason);

    public void Terminate(NodeKey node, string reason) => Add(_terminations, node, reason);

    public void Launch(LaunchNodes launch) => _rest.Add(launch);

    public void EndHead(string reason) => _rest.Add(new EndHead(reason));

    /// <summary>What ends comes first: its place may be what a launch needs.</summary>
    public IReadOnlyList<AutoscalerAction> Take()
    {
        AutoscalerAction[] taken =
        [
            .. _terminations.Select(static pair => new TerminateNodes([.. pair.Value], pair.Key)),
            .. _drains.Select(static pair => new DrainNodes([.. pair.Value], pair.Key)),
            .. _rest,
        ];
        _terminations.Clear();
        _drains.Clear();
        _rest.Clear();
        return taken;
    }

    private static void Add(SortedDictionary<string, SortedSet<NodeKey>> groups, NodeKey node, string reason)
    {
        if (!groups.TryGetValue(reason, out var nodes))
        {
            groups.Add(reason, nodes = []);
        }

        nodes.Add(node);
    }
}
