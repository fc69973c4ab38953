using System.Globalization;
using Weft.Primitives;

namespace Weft.Autoscaler.Core;

/// <summary>New nodes: how many at a time, and not those that were let go just now.</summary>
public sealed partial class AutoscalerCore
{
    /// <summary>So many nodes of a type may always be on their way, as with Ray (UPSCALING_INITIAL_NUM_NODES).</summary>
    private const int PendingMin = 5;

    private readonly SortedDictionary<string, DrainMark> _marks = new(StringComparer.Ordinal);

    private void Launch(Plan plan, Offer[] offers)
    {
        for (var type = 0; type < offers.Length; type++)
        {
            var count = plan.Floor[type] + plan.Demand[type];
            if (count > 0)
            {
                LaunchBatch(type, count, offers[type].IsSpot);
            }
        }
    }

    /// <summary>As with Ray: five, or as many as run times the speed, may be on their way. The minimum was asked for by a person and comes at once, but counts.</summary>
    private LaunchLimit LimitOf(int type, IReadOnlyList<Need> needs)
    {
        if (IsFreshlyDrained(type, needs))
        {
            return new LaunchLimit(0, "one was let go as idle just now, and there is no more to do than then");
        }

        var own = _nodes.Values.Where(node => node.Type == type && node.IsStaying).ToArray();
        var running = own.Count(static node => node.IsUp);
        var pendingMax = Math.Max(PendingMin, _options.UpscalingSpeedMilli * (long)Math.Max(running, 1) / 1000);
        return new LaunchLimit(
            (int)Math.Clamp(pendingMax - (own.Length - running), 0, int.MaxValue),
            string.Create(CultureInfo.InvariantCulture, $"at most {pendingMax} are on their way at once while {running} run (upscaling_speed)"));
    }

    /// <summary>More of one shape is more to do, whatever there is less of: others may not be able to run it. So it is when what there is can run fewer of a shape at a time, whatever became of the rest.</summary>
    private bool IsFreshlyDrained(int type, IReadOnlyList<Need> needs) =>
        _marks.TryGetValue(_options.NodeTypes[type].Name, out var mark)
        && _nowMs - mark.TimeMs < _options.IdleTimeoutMs
        && NeedsFor(type, needs).All(need => mark.Shapes.GetValueOrDefault(need.Shape.ToString()) is var then && need.Level <= then.Level && CapacityFor(need.Shape) >= then.Capacity);

    private DrainMark MarkOf(int type, IReadOnlyList<Need> needs) =>
        new(_nowMs, NeedsFor(type, needs).ToDictionary(static need => need.Shape.ToString(), need => (need.Level, CapacityFor(need.Shape))));

    /// <summary>How many tasks of a shape all that stays can run at a time, what is on its way included.</summary>
    private long CapacityFor(ResourceAmounts shape) =>
        OthersWorkers().Sum(worker => new Bin(worker.Slots, worker.Resources, worker.Resources).Fits(shape))
        + _nodes.Values.Where(static node => node.IsStaying).Sum(node => BinOf(node, SlotsOf(node) - node.Load.Closed).Fits(shape));

    private IEnumerable<Need> NeedsFor(int type, IReadOnlyList<Need> needs) => needs.Where(need => Plan.CanRun(_options.NodeTypes[type], need.Shape));

    private void LaunchBatch(int type, int count, bool isSpot)
    {
        var name = _options.NodeTypes[type].Name;
        var first = _highest.GetValueOrDefault(name) + 1;
        _highest[name] = first + count - 1;
        for (var number = first; number < first + count; number++)
        {
            var key = new NodeKey(name, number);
            _nodes.Add(key, new NodeEntry(key, type, isSpot, NodeStage.Asked) { AskedMs = _nowMs });
        }

        _orders.Launch(new LaunchNodes(name, first, count, isSpot));
    }
}
