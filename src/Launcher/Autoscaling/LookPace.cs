using Weft.Provisioning;
using V1 = Weft.Protocol.V1;

namespace Weft.Launcher;

/// <summary>
/// How long to wait before the next look. People wait for what follows a change, so it comes quickly for a while; a node may wait in a queue for hours, and its master is not to be asked several times a
/// second for so long.
/// </summary>
internal sealed class LookPace
{
    public static readonly TimeSpan Usual = TimeSpan.FromSeconds(1);

    public static readonly TimeSpan Quick = TimeSpan.FromMilliseconds(200);

    private const long QuickForMs = 15_000;

    private readonly List<(NodeId Node, NodeState State)> _nodes = [];
    private V1.ScaleTarget _target = new();
    private int _steps;
    private long? _changedMs;

    /// <param name="nowMs">By a clock that only goes on.</param>
    /// <param name="nodes">What there is, in the order of every look.</param>
    /// <param name="steps">Of requests: <see cref="NodeRequests.Steps"/>.</param>
    /// <param name="target">The size that is followed.</param>
    public TimeSpan Next(long nowMs, IReadOnlyList<ClusterNode> nodes, int steps, V1.ScaleTarget target)
    {
        var states = nodes.Select(static node => (node.Id, node.State));
        if (_changedMs is null || steps != _steps || !target.Equals(_target) || !states.SequenceEqual(_nodes))
        {
            _changedMs = nowMs;
            (_steps, _target) = (steps, target.Clone());
            _nodes.Clear();
            _nodes.AddRange(states);
        }

        return nowMs - _changedMs < QuickForMs ? Quick : Usual;
    }
}
