namespace Weft.Autoscaler.Core.Tests;

/// <summary>
/// What the same work costs somebody who knows all of it beforehand. He follows the same file: the same types, prices, minima, idle timeout, target duration, and the same way of choosing (first-fit over
/// what there is, else a new node of the cheapest type that fits). But he knows how long each task takes and when it comes, so his nodes are up at the very moment they are needed: each is launched its
/// boot time ahead. He waits in no queue, launches as many at once as he likes, looks around all the time, and packs tasks onto slots so that none begins later than the target after it came. He pays, as
/// we do, from the start of a node's boot until the idle timeout after its last task.
/// </summary>
internal sealed class ClairvoyantFirstFit(Scenario scenario, IReadOnlyList<(SimulatedFunction Function, long ArrivedMs, long DurationMs)> tasks)
{
    private readonly List<Node> _nodes = [];

    /// <returns>In the unit of <see cref="SimulatedProvider.Spent"/>.</returns>
    public Int128 CostUntil(long endMs)
    {
        foreach (var (type, options) in scenario.Options.NodeTypes.Index())
        {
            for (var i = 0; i < options.WorkersMin; i++)
            {
                _nodes.Add(new Node(options, 0, scenario.BootMs[type], keptUntilMs: endMs));
            }
        }

        foreach (var (function, arrivedMs, durationMs) in tasks)
        {
            Place(function, arrivedMs, durationMs);
        }

        return _nodes.Aggregate(Int128.Zero, (sum, node) => sum + node.Cost(endMs, scenario.Options.IdleTimeoutMs));
    }

    private void Place(SimulatedFunction function, long arrivedMs, long durationMs)
    {
        var gpuMilli = function.Shape.MilliOf("GPU");
        foreach (var node in _nodes)
        {
            if (Scenario.TasksAtOnce(node.Options, function.Shape) > 0
                && node.IsThere(arrivedMs, scenario.Options.IdleTimeoutMs)
                && node.CanBegin(arrivedMs, gpuMilli) <= arrivedMs + scenario.Options.TargetDurationMs)
            {
                node.Put(node.CanBegin(arrivedMs, gpuMilli), durationMs, gpuMilli);
                return;
            }
        }

        var (type, options) = scenario.Options.NodeTypes.Index().Where(type => Scenario.TasksAtOnce(type.Item, function.Shape) > 0).MinBy(static type => type.Item.PriceOf(type.Item.IsSpot));
        var opened = new Node(options, Math.Max(0, arrivedMs - scenario.BootMs[type]), arrivedMs, keptUntilMs: 0);
        opened.Put(arrivedMs, durationMs, gpuMilli);
        _nodes.Add(opened);
    }

    private sealed class Node(NodeTypeOptions options, long startsMs, long isUpMs, long keptUntilMs)
    {
        private const long PieceMilli = 500;

        private readonly long[] _slots = [.. Enumerable.Repeat(isUpMs, options.Slots)];
        private readonly long[] _gpuPieces = [.. Enumerable.Repeat(isUpMs, (int)(options.Resources.MilliOf("GPU") / PieceMilli))];
        private long _lastMs = isUpMs;

        public NodeTypeOptions Options => options;

        public bool IsThere(long nowMs, long idleMs) => nowMs < Math.Max(keptUntilMs, _lastMs + idleMs);

        public long CanBegin(long nowMs, long gpuMilli)
        {
            var pieces = (int)(gpuMilli / PieceMilli);
            Array.Sort(_gpuPieces);
            return Math.Max(nowMs, Math.Max(_slots.Min(), pieces == 0 ? 0 : _gpuPieces[pieces - 1]));
        }

        public void Put(long beginsMs, long durationMs, long gpuMilli)
        {
            _slots[Array.IndexOf(_slots, _slots.Min())] = beginsMs + durationMs;
            Array.Sort(_gpuPieces);
            for (var i = 0; i < gpuMilli / PieceMilli; i++)
            {
                _gpuPieces[i] = beginsMs + durationMs;
            }

            _lastMs = Math.Max(_lastMs, beginsMs + durationMs);
        }

        public Int128 Cost(long endMs, long idleMs) =>
            (Int128)Options.PriceOf(Options.IsSpot) * (Math.Min(endMs, Math.Max(keptUntilMs, _lastMs + idleMs)) - startsMs);
    }
}
