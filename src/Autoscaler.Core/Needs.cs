using Weft.Primitives;

namespace Weft.Autoscaler.Core;

/// <summary>How many slots one resource shape needs.</summary>
internal sealed class Need(ResourceAmounts shape)
{
    private long _shortWaiting;
    private long _shortRunning;
    private Int128 _shortWorkNs;
    private long _longWaiting;

    public ResourceAmounts Shape { get; } = shape;

    /// <summary>Tasks that run now and hold their slots for longer than the target.</summary>
    public long LongRunning { get; private set; }

    /// <summary>Slots that are to be found beside those that its tasks hold.</summary>
    public long Missing { get; private set; }

    /// <summary>Slots that its tasks hold and do not need: they are free again before the target.</summary>
    public long Spare { get; private set; }

    /// <summary>Slots in all, held ones included: what there is to do, as one number.</summary>
    public long Level { get; private set; }

    public void Add(DemandRow row, long targetNs)
    {
        if (row.MeanRunNs <= 0 || row.MeanRunNs >= targetNs)
        {
            _longWaiting += row.IsRestricted ? 0 : row.Waiting;
            LongRunning += row.Running;
            return;
        }

        _shortRunning += row.Running;
        _shortWaiting += row.IsRestricted ? 0 : row.Waiting;
        _shortWorkNs += (Int128)row.MeanRunNs * (row.Running + (row.IsRestricted ? 0 : row.Waiting));
    }

    /// <summary>Tasks that were said to be short run longer than the target after all: they hold slots as long ones do.</summary>
    /// <returns>How many of these it had not to take.</returns>
    public long TakeStuck(long count)
    {
        var taken = Math.Min(count, _shortRunning);
        _shortRunning -= taken;
        LongRunning += taken;
        return count - taken;
    }

    /// <summary>Slots that work off what is short within the target; one for each task that is not, or of which nothing is known.</summary>
    public void Count(long targetNs)
    {
        var tasks = _shortWaiting + _shortRunning;
        var slots = (long)Int128.Min(tasks, (_shortWorkNs + targetNs - 1) / targetNs);
        Missing = _longWaiting + Math.Clamp(slots - _shortRunning, 0, _shortWaiting);
        Spare = Math.Max(0, _shortRunning - slots);
        Level = _longWaiting + LongRunning + slots;
    }

    /// <summary>Uses up what another shape's tasks hold and do not need.</summary>
    public void Borrow(Need other)
    {
        var taken = Math.Min(Missing, other.Spare);
        Missing -= taken;
        other.Spare -= taken;
    }
}

/// <summary>The scheduler's demand as slots, by shape.</summary>
internal static class Needs
{
    /// <summary>In an order that does not depend on the rows'.</summary>
    public static IReadOnlyList<Need> Of(ClusterDemand demand, IReadOnlyList<ObservedWorker> workers, long targetMs)
    {
        var targetNs = targetMs > long.MaxValue / 1_000_000 ? long.MaxValue : targetMs * 1_000_000;
        var needs = new SortedDictionary<string, Need>(StringComparer.Ordinal);
        foreach (var row in demand.Rows)
        {
            var name = row.Shape.ToString();
            if (!needs.TryGetValue(name, out var need))
            {
                needs.Add(name, need = new Need(row.Shape));
            }

            need.Add(row, targetNs);
        }

        var stuck = StuckOf(workers, needs.Values.Sum(static need => need.LongRunning), targetMs);
        foreach (var need in needs.Values)
        {
            stuck = stuck > 0 ? need.TakeStuck(stuck) : stuck;
            need.Count(targetNs);
        }

        return [.. needs.Values];
    }

    /// <summary>
    /// How many tasks hold their slots for long though they were said to be short. Where a task waits inside, the one that has run longest may be that one, which holds no slot: nothing is said of those that
    /// do, and long tasks are taken to run there first. If they do not, the count is too high, by no more than run there: more nodes come than are needed, but no more than the waiting work is worth in
    /// slots, and waiting tasks fill them. One that is too low would leave tasks waiting for hours for slots that nobody leaves.
    /// </summary>
    private static long StuckOf(IReadOnlyList<ObservedWorker> workers, long longRunning, long targetMs)
    {
        var old = workers.LongCount(worker => worker is { Running: > 0, WaitingInside: 0 } && worker.LongestRunningMs >= targetMs);
        var beside = workers.Sum(static worker => worker.WaitingInside > 0 ? (long)worker.Running : 0);
        return old - Math.Max(0, longRunning - beside);
    }
}
