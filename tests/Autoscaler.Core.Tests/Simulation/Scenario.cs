using Weft.Primitives;
using Weft.Simulation.Tests;

namespace Weft.Autoscaler.Core.Tests;

/// <summary>What a seed draws: the cluster file, the work, what people ask for, and what goes wrong. Every fourth seed is calm: no faults, no people, no bounds that bind.</summary>
internal sealed class Scenario
{
    private readonly SimulationRandom _random;

    public Scenario(int seed)
    {
        _random = new SimulationRandom((ulong)seed);
        IsCalm = seed % 4 == 0;
        TellsSpot = seed % 3 != 0;
        TickMs = _random.Between(1, 3) * 1000;
        Options = DrawOptions();
        BootMs = [.. Options.NodeTypes.Select(_ => _random.Between(3_000L, 40_000L))];
        QueueMs = [.. Options.NodeTypes.Select(_ => _random.Chance(600) ? 0 : _random.Between(1_000L, 60_000L))];
        Bursts = DrawBursts();
        LastArrivalMs = Bursts.Max(static burst => burst.TimeMs);
        Faults = IsCalm ? Faults.None : DrawFaults();
        Wishes = IsCalm || _random.Chance(600) ? [] : DrawWishes();
        EndsByShutDown = Options.HeadTimeoutMs == AutoscalerOptions.Never || _random.Chance(300);
        Spreads = _random.Chance(500);
    }

    public bool IsCalm { get; }

    /// <summary>The provider's list says which nodes are spot ones: queues and hosts do not.</summary>
    public bool TellsSpot { get; }

    public long TickMs { get; }

    public AutoscalerOptions Options { get; }

    /// <summary>From the start of a node to its worker, by type; a fifth more or less.</summary>
    public long[] BootMs { get; }

    /// <summary>How long nodes wait in a queue, by type, at most.</summary>
    public long[] QueueMs { get; }

    public IReadOnlyList<Burst> Bursts { get; }

    public long LastArrivalMs { get; }

    public Faults Faults { get; }

    /// <summary>What people ask for from these times on. The last asks for nothing.</summary>
    public IReadOnlyList<(long TimeMs, WantedSize Wanted)> Wishes { get; }

    public bool EndsByShutDown { get; }

    /// <summary>Whether the scheduler gives tasks to the worker with the most free slots, or to the first that has one.</summary>
    public bool Spreads { get; }

    /// <summary>For everything else that is drawn while it runs.</summary>
    public SimulationRandom Fork() => _random.Fork();

    /// <summary>What all tasks take when only one type comes, the one that suits them least, as many of it as all bounds allow: cheap nodes may fill the cluster.</summary>
    public long WorstMakespanMs()
    {
        var workMs = Bursts.Sum(static burst => burst.Count * burst.Function.MeanMs * 6 / 5);
        var slots = Bursts.Min(burst => Options.NodeTypes.Select(type => NodesAlone(type) * TasksAtOnce(type, burst.Function.Shape)).Where(static slots => slots > 0).Min());
        return (workMs / slots) + (Bursts.Max(static burst => burst.Function.MeanMs) * 2);
    }

    private long NodesAlone(NodeTypeOptions type)
    {
        var others = Options.NodeTypes.Where(other => other != type).ToArray();
        var nodes = (long)Math.Min(type.WorkersMax, Options.WorkersMax - others.Sum(static other => other.WorkersMin));
        return Options.HourlyCostMaxMicros is { } max
            ? Math.Min(nodes, (max - others.Sum(static other => other.WorkersMin * other.PriceMicros)) / type.PriceMicros)
            : nodes;
    }

    public static long TasksAtOnce(NodeTypeOptions type, ResourceAmounts shape) =>
        shape.Milli.Aggregate((long)type.Slots, (slots, amount) => Math.Min(slots, type.Resources.MilliOf(amount.Key) / amount.Value));

    private AutoscalerOptions DrawOptions()
    {
        var types = new List<NodeTypeOptions> { DrawType("cpu", 1, 8, 0) };
        if (_random.Chance(400))
        {
            types.Add(DrawType("big", 8, 16, 0));
        }

        if (_random.Chance(400))
        {
            types.Insert(_random.Below(types.Count + 1), DrawType("gpu", 1, 4, _random.Between(1, 2)));
        }

        var minimum = types.Sum(static type => type.WorkersMin);
        var maximum = types.Sum(static type => type.WorkersMax);
        var dearest = types.Max(static type => type.PriceMicros);
        return new AutoscalerOptions
        {
            NodeTypes = types,
            WorkersMax = IsCalm || _random.Chance(500) ? maximum : _random.Between(Math.Min(minimum + 1, maximum), maximum),
            UpscalingSpeedMilli = _random.Pick([500, 1000, 3000]),
            IdleTimeoutMs = _random.Between(30_000L, 90_000L),
            HeadTimeoutMs = _random.Chance(500) ? _random.Between(120_000L, 200_000L) : AutoscalerOptions.Never,
            BootTimeoutMs = 120_000,
            TargetDurationMs = _random.Pick([5_000L, 20_000L, 60_000L]),
            LongRunningMs = 100_000,
            BackOffFirstMs = 5_000,
            BackOffMaxMs = 60_000,
            HourlyCostMaxMicros = IsCalm || _random.Chance(500) ? null : (dearest * (minimum + 1)) + (dearest * _random.Between(0, 6)),
        };
    }

    private NodeTypeOptions DrawType(string name, int slotsMin, int slotsMax, int gpus)
    {
        var slots = _random.Between(slotsMin, slotsMax);
        var price = (slots * _random.Between(40_000L, 60_000L)) + (gpus * 500_000L);
        var isSpot = _random.Chance(400);
        var minimum = _random.Chance(700) ? 0 : _random.Between(1, 2);
        return new NodeTypeOptions
        {
            Name = name,
            Slots = slots,
            Resources = gpus == 0 ? ResourceAmounts.None : ResourceAmounts.Of([new("GPU", gpus * ResourceAmounts.Unit)]),
            WorkersMin = minimum,
            WorkersMax = IsCalm ? 60 : Math.Max(minimum, _random.Between(2, 12)),
            PriceMicros = price,
            SpotPriceMicros = isSpot ? price / 3 : null,
            IsSpot = isSpot,
            FallsBackToOnDemand = isSpot && _random.Chance(600),
        };
    }

    private List<Burst> DrawBursts()
    {
        var hasGpu = Options.NodeTypes.Any(static type => type.Resources.Count > 0);
        var functions = new List<SimulatedFunction>();
        for (var i = _random.Between(2, 4); i > 0; i--)
        {
            var mean = _random.Below(3) switch { 0 => _random.Between(100L, 3_000L), 1 => _random.Between(3_000L, 30_000L), _ => _random.Between(60_000L, 300_000L) };
            functions.Add(new SimulatedFunction(hasGpu && _random.Chance(400) ? ResourceAmounts.Of([new("GPU", _random.Pick([500L, 1000L]))]) : ResourceAmounts.None, mean));
        }

        var bursts = new List<Burst>();
        var timeMs = 0L;
        for (var i = _random.Between(2, 6); i > 0; i--)
        {
            timeMs += _random.Magnitude(5_000, 250_000);
            var function = _random.Pick(functions);
            var most = function.MeanMs switch { < 3_000 => 300, < 30_000 => 60, _ => 10 };
            bursts.Add(new Burst(timeMs, function, _random.Between(1, most)));
        }

        if (!IsCalm && _random.Chance(400))
        {
            bursts.Add(new Burst(_random.Between(0L, timeMs), new SimulatedFunction(ResourceAmounts.None, _random.Between(150_000L, 400_000L), IsParent: true), _random.Between(1, 3)));
        }

        bursts.Sort(static (left, right) => left.TimeMs.CompareTo(right.TimeMs));
        return bursts;
    }

    private Faults DrawFaults()
    {
        var endMs = LastArrivalMs + _random.Between(0L, 120_000L);
        var refusals = new List<Refusal>();
        for (var i = _random.Between(0, 4); i > 0; i--)
        {
            var type = _random.Pick(Options.NodeTypes);
            var from = Math.Max(0, _random.Pick(Bursts).TimeMs - _random.Between(0L, 10_000L));
            refusals.Add(new Refusal(type.Name, type.IsSpot && _random.Chance(700), new Window(from, Math.Min(endMs, from + _random.Magnitude(3_000, 90_000))), (LaunchFailureKind)_random.Below(3)));
        }

        return new Faults
        {
            EndMs = endMs,
            Refusals = refusals,
            ListFails = [.. Enumerable.Range(0, _random.Between(0, 3)).Select(_ => DrawWindow(endMs, 40_000))],
            SchedulerIsAway = [.. Enumerable.Range(0, _random.Between(0, 2)).Select(_ => DrawWindow(endMs, 30_000))],
            DeadBoots = _random.Chance(300) ? 150 : 0,
            EndsAtOnce = _random.Chance(300) ? 150 : 0,
            Preemptions = _random.Chance(600) ? 500 : 0,
            RefusedDrains = _random.Chance(400) ? 300 : 0,
            BrokenConnections = _random.Chance(300) ? 100 : 0,
            ListLagMs = _random.Chance(300) ? 10_000 : 0,
        };
    }

    private Window DrawWindow(long endMs, long mostMs)
    {
        var from = _random.Between(0L, Math.Max(1, endMs));
        return new Window(from, Math.Min(endMs, from + _random.Magnitude(3_000, mostMs)));
    }

    private List<(long, WantedSize)> DrawWishes()
    {
        var wishes = new List<(long, WantedSize)>();
        var timeMs = 0L;
        for (var i = _random.Between(1, 4); i > 0; i--)
        {
            timeMs += _random.Between(20_000L, 120_000L);
            var wish = DrawWish();
            wishes.Add((timeMs, wish));

            // It lasts: what it does to nodes that are idle is seen after the idle timeout only.
            timeMs += wish.Cluster is { Minimum: null } ? _random.Between(60_000L, 300_000L) : 0;
        }

        wishes.Add((timeMs + _random.Between(20_000L, 120_000L), new WantedSize()));
        return wishes;
    }

    private WantedSize DrawWish()
    {
        var least = _random.Between(0, 6);
        var most = least + _random.Between(0, 5);
        var target = _random.Below(10) switch { < 5 => SizeTarget.Exactly(least), < 7 => SizeTarget.Between(least, most), _ => SizeTarget.AtMost(most) };
        return _random.Chance(700)
            ? new WantedSize { Cluster = target }
            : new WantedSize { Types = new SortedDictionary<string, SizeTarget>(StringComparer.Ordinal) { [_random.Pick(Options.NodeTypes).Name] = target } };
    }
}
