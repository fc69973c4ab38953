using System.Globalization;

namespace Weft.Autoscaler.Core;

/// <summary>How many more nodes may be launched before a bound is met. All nodes count that are not over, those that leave too.</summary>
internal sealed class Room
{
    private readonly AutoscalerOptions _options;
    private readonly SizeBounds _bounds;
    private readonly int[] _nodes;
    private int _all;
    private long _costMicros;

    public Room(AutoscalerOptions options, SizeBounds bounds, IEnumerable<NodeEntry> nodes)
    {
        _options = options;
        _bounds = bounds;
        _nodes = new int[options.NodeTypes.Count];
        foreach (var node in nodes)
        {
            Count(node.Type, options.NodeTypes[node.Type].PriceOf(node.IsSpot));
        }
    }

    /// <summary>Takes the room of one more node.</summary>
    /// <returns>The bound that is met, one line for people; null: it is taken.</returns>
    public string? TryTake(int type, long priceMicros)
    {
        var bound = BoundFor(type, priceMicros);
        if (bound is null)
        {
            Count(type, priceMicros);
        }

        return bound;
    }

    /// <summary>The bound that one more node would pass, one line for people; null: none.</summary>
    public string? BoundFor(int type, long priceMicros)
    {
        if (_nodes[type] >= _bounds.TypeMax[type])
        {
            return string.Create(CultureInfo.InvariantCulture, $"it is at its maximum of {_bounds.TypeMax[type]}");
        }

        if (_all >= _bounds.ClusterMax)
        {
            return string.Create(CultureInfo.InvariantCulture, $"the cluster is at its maximum of {_bounds.ClusterMax}");
        }

        if (_options.HourlyCostMaxMicros is { } max && priceMicros > max - _costMicros)
        {
            return $"one more would cost {Wording.Money(_costMicros + priceMicros)} an hour in all, more than max_hourly_cost {Wording.Money(max)}";
        }

        return null;
    }

    /// <summary>Whether there is no room for one more, and would be with one node less.</summary>
    public bool WouldComeWithout(int leaver, long leaverPriceMicros, int type, long priceMicros)
    {
        if (BoundFor(type, priceMicros) is null)
        {
            return false;
        }

        Count(leaver, leaverPriceMicros, nodes: -1);
        var bound = BoundFor(type, priceMicros);
        Count(leaver, leaverPriceMicros);
        return bound is null;
    }

    private void Count(int type, long priceMicros, int nodes = 1)
    {
        _nodes[type] += nodes;
        _all += nodes;
        _costMicros += nodes * priceMicros;
    }
}
