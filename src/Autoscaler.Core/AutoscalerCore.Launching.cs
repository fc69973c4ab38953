using System.Globalization;

namespace Weft.Autoscaler.Core;

/// <summary>New nodes: how many at a time, and not those that were let go just now.</summary>
public sealed partial class AutoscalerCore
{
    /// <summary>So many nodes of a type may always be on their way, as with Ray (UPSCALING_INITIAL_NUM_NODES).</summary>
    private const int PendingMin = 5;

    private readonly SortedDictionary<string, DrainMark> _marks = new(StringComparer.Ordinal);

    private void Launch(IReadOnlyList<Need> needs, Plan plan)
    {
        for (var type = 0; type < _options.NodeTypes.Count; type++)
        {
            var offer = OfferOf(type);
            if (!offer.IsOpen)
            {
                continue;
            }

            // The minimum was asked for by a person: it comes at once.
            var count = plan.Floor[type] + Math.Min(plan.Demand[type], DemandAllowed(type, needs, plan));
            if (count > 0)
            {
                LaunchBatch(type, count, offer.IsSpot);
                plan.Launched[type] = count;
            }
        }
    }

    private int DemandAllowed(int type, IReadOnlyList<Need> needs, Plan plan)
    {
        if (plan.Demand[type] == 0)
        {
            return 0;
        }

        if (IsFreshlyDrained(type, needs, plan))
        {
            plan.Held[type] ??= "one was let go as idle just now, and there is no more to do than then";
            return 0;
        }

        var own = _nodes.Values.Where(node => node.Type == type && node.IsStaying).ToArray();
        var running = own.Count(static node => node.IsUp);
        var pendingMax = Math.Max(PendingMin, _options.UpscalingSpeedMilli * (long)Math.Max(running, 1) / 1000);
        var pending = own.Length - running;
        var allowed = (int)Math.Clamp(pendingMax - pending - plan.Floor[type], 0, int.MaxValue);
        if (allowed < plan.Demand[type])
        {
            plan.Held[type] ??= string.Create(CultureInfo.InvariantCulture, $"at most {pendingMax} are on their way at once while {running} run (upscaling_speed)");
        }

        return allowed;
    }

    private bool IsFreshlyDrained(int type, IReadOnlyList<Need> needs, Plan plan) =>
        _marks.TryGetValue(_options.NodeTypes[type].Name, out var mark)
        && _nowMs - mark.TimeMs < _options.IdleTimeoutMs
        && LevelFor(type, needs, plan) <= mark.Level
        && _nodes.Values.Count(static node => node.IsStaying) >= mark.Nodes;

    private static long LevelFor(int type, IReadOnlyList<Need> needs, Plan plan) =>
        needs.Where(need => plan.CanRun(type, need.Shape)).Sum(static need => need.Level);

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
