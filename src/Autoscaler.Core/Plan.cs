using System.Globalization;
using Weft.Primitives;

namespace Weft.Autoscaler.Core;

/// <summary>Which nodes are to be launched: first-fit of what is needed over what there is, then over new nodes of the cheapest type that fits.</summary>
internal sealed class Plan
{
    private readonly AutoscalerOptions _options;
    private readonly Offer[] _offers;
    private readonly LaunchLimit[] _limits;
    private readonly Room _room;
    private readonly List<Bin> _new = [];

    /// <summary>Types that would do for tasks which find no place, and none will come as things are.</summary>
    private readonly HashSet<int> _lacking = [];

    /// <summary>Types that lack nodes of their own minimum, and none will come as things are.</summary>
    private readonly HashSet<int> _short = [];

    /// <summary>Types of the file, the cheapest first.</summary>
    private readonly int[] _order;

    public Plan(AutoscalerOptions options, int typesOfFile, Offer[] offers, LaunchLimit[] limits, Room room)
    {
        _options = options;
        _offers = offers;
        _limits = limits;
        _room = room;
        var count = options.NodeTypes.Count;
        Floor = new int[count];
        Demand = new int[count];
        Unmet = new int[count];
        Held = new string?[count];
        _order = [.. Enumerable.Range(0, typesOfFile).OrderBy(type => offers[type].PriceMicros).ThenBy(static type => type)];
    }

    /// <summary>New nodes by type, for the minimum.</summary>
    public int[] Floor { get; }

    /// <summary>New nodes by type, for tasks.</summary>
    public int[] Demand { get; }

    /// <summary>New nodes by type that are wanted and cannot be had.</summary>
    public int[] Unmet { get; }

    /// <summary>By type, why it was passed over; null: it was not.</summary>
    public string?[] Held { get; }

    /// <summary>Tasks that no type could run however many nodes there were; one line each.</summary>
    public List<string> Lines { get; } = [];

    /// <summary>A type's own minimum first. Of a size that somebody asked for, the rest is of any type.</summary>
    public void FillMinimum(SizeBounds bounds, int[] staying)
    {
        var missing = bounds.IsClusterAsked ? bounds.ClusterMin - staying.Sum() : 0;
        for (var type = 0; type < staying.Length; type++)
        {
            var own = bounds.TypeMin[type] - staying[type];
            for (; own > 0 && TryOpenOrAwait(type); own--)
            {
                missing--;
            }

            if (own > 0)
            {
                Unmet[type] += bounds.IsClusterAsked ? 0 : own;
                _short.Add(type);
            }
        }

        foreach (var type in _order)
        {
            while (missing > 0 && TryOpenOrAwait(type))
            {
                missing--;
            }
        }

        Unmet[_order[0]] += Math.Max(0, missing);
    }

    /// <summary>First what few types can run, so that tasks which run anywhere do not take their places.</summary>
    public void Place(IReadOnlyList<Need> needs, IReadOnlyList<(NodeEntry? Node, Bin Bin)> supply)
    {
        foreach (var need in needs.Where(static need => need.Missing > 0).OrderBy(need => TypesFor(need.Shape)).ThenByDescending(static need => need.Shape.Count))
        {
            foreach (var other in needs.Where(other => Covers(other.Shape, need.Shape)))
            {
                need.Borrow(other);
            }

            var left = need.Missing;
            foreach (var (node, bin) in supply)
            {
                left -= PutInto(node, bin, need.Shape, left);
            }

            foreach (var bin in _new)
            {
                left -= bin.Put(need.Shape, left);
            }

            if (left > 0)
            {
                OpenFor(need.Shape, left);
            }
        }
    }

    /// <summary>Whether one more node would come for tasks if this one went: its type can be had, and lacks room alone, which those that leave do not make.</summary>
    public bool IsInTheWayOfTasks(NodeEntry node, IReadOnlyList<NodeEntry> leaving) => AreBlocked(_lacking, node, leaving);

    /// <summary>As <see cref="IsInTheWayOfTasks"/>, for a type that lacks nodes of its own minimum.</summary>
    public bool IsInTheWayOfMinimum(NodeEntry node, IReadOnlyList<NodeEntry> leaving) => AreBlocked(_short, node, leaving);

    /// <summary>Whether a node of the type, one process of it, can run such a task.</summary>
    public static bool CanRun(NodeTypeOptions type, ResourceAmounts shape) => EmptyBin(type).Fits(shape) > 0;

    private bool AreBlocked(HashSet<int> types, NodeEntry node, IReadOnlyList<NodeEntry> leaving) =>
        types.Any(type => _offers[type].IsOpen && _room.WouldComeWithout(node, leaving, type, _offers[type].PriceMicros));

    private static long PutInto(NodeEntry? node, Bin bin, ResourceAmounts shape, long wanted)
    {
        var count = bin.Put(shape, wanted);
        if (count > 0 && node is not null)
        {
            node.IsNeeded = true;
        }

        return count;
    }

    private void OpenFor(ResourceAmounts shape, long left)
    {
        var types = _order.Where(type => CanRun(_options.NodeTypes[type], shape)).ToArray();
        if (types.Length == 0)
        {
            Lines.Add(string.Create(CultureInfo.InvariantCulture, $"{left} waiting tasks ask for {(shape.Count == 0 ? "a slot" : shape)}: no process of any node type offers that"));
            return;
        }

        foreach (var type in types)
        {
            left = Open(type, shape, left);
            Held[type] ??= left > 0 ? _room.BoundFor(type, _offers[type].PriceMicros) : null;
            if (left > 0 && IsAtLimit(type) && _room.BoundFor(type, _offers[type].PriceMicros) is null)
            {
                // The cheapest type comes, though not at once: a dearer one in its place would cost more for a minute's gain.
                Held[type] ??= _offers[type].Held ?? _limits[type].Reason;
                NoteUnmet(type, shape, left);
                return;
            }
        }

        NoteUnmet(types[0], shape, left);
        _lacking.UnionWith(left > 0 ? types : []);
    }

    private void NoteUnmet(int type, ResourceAmounts shape, long tasks)
    {
        var each = EmptyBin(_options.NodeTypes[type]).Fits(shape);
        Unmet[type] += (int)Math.Min(int.MaxValue / 2, (tasks + each - 1) / each);
    }

    private long Open(int type, ResourceAmounts shape, long left)
    {
        while (left > 0 && !IsAtLimit(type) && TryOpen(type, Demand))
        {
            left -= _new[^1].Put(shape, left);
        }

        return left;
    }

    private bool IsAtLimit(int type) => _offers[type].IsWorthWaiting || (_offers[type].IsOpen && Demand[type] + Floor[type] >= _limits[type].Count);

    /// <summary>For the minimum. One that is worth waiting for has its place in the cluster, and in the plan, as if it came now: none of another type takes it.</summary>
    private bool TryOpenOrAwait(int type)
    {
        if (!_offers[type].IsWorthWaiting || _room.TryTake(type, _offers[type].PriceMicros) is not null)
        {
            return TryOpen(type, Floor);
        }

        Held[type] ??= _offers[type].Held;
        Unmet[type]++;
        _new.Add(EmptyBin(_options.NodeTypes[type]));
        return true;
    }

    private bool TryOpen(int type, int[] count)
    {
        var offer = _offers[type];
        var held = offer.IsOpen ? _room.TryTake(type, offer.PriceMicros) : offer.Held;
        Held[type] ??= held ?? offer.Held;
        if (held is not null)
        {
            return false;
        }

        count[type]++;
        _new.Add(EmptyBin(_options.NodeTypes[type]));
        return true;
    }

    private int TypesFor(ResourceAmounts shape) => _order.Count(type => CanRun(_options.NodeTypes[type], shape));

    private static Bin EmptyBin(NodeTypeOptions type) => new(type.Slots, type.Resources, type.ProcessResources);

    private static bool Covers(ResourceAmounts held, ResourceAmounts asked) => asked.Milli.All(amount => held.MilliOf(amount.Key) >= amount.Value);
}
