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
            Count(node);
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

    /// <summary>Whether there is no room for one more, nor will be when those that leave have gone, and would be with one node less.</summary>
    public bool WouldComeWithout(NodeEntry node, IReadOnlyList<NodeEntry> leaving, int type, long priceMicros)
    {
        foreach (var leaver in leaving)
        {
            Count(leaver, -1);
        }

        var isFull = BoundFor(type, priceMicros) is not null;
        Count(node, -1);
        var wouldCome = isFull && BoundFor(type, priceMicros) is null;
        Count(node);
        foreach (var leaver in leaving)
        {
            Count(leaver);
        }

        return wouldCome;
    }

    private void Count(NodeEntry node, int nodes = 1) => Count(node.Type, _options.NodeTypes[node.Type].PriceOf(node.IsSpot), nodes);

    private void Count(int type, long priceMicros, int nodes = 1)
    {
        _nodes[type] += nodes;
        _all += nodes;
        _costMicros += nodes * priceMicros;
    }
}
