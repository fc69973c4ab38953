using Weft.Primitives;

namespace Weft.Autoscaler.Core;

/// <summary>What one node, or worker, has free: slots and named resources, of which one task can have what a single process has at most.</summary>
internal sealed class Bin
{
    private readonly SortedDictionary<string, long> _amounts = new(StringComparer.Ordinal);
    private readonly ResourceAmounts _ofProcess;
    private long _slots;

    public Bin(long slots, ResourceAmounts resources, ResourceAmounts ofProcess)
    {
        _slots = Math.Max(0, slots);
        _ofProcess = ofProcess;
        Add(resources, 1);
    }

    /// <summary>Named resources that are in use already.</summary>
    public void Use(ResourceAmounts amounts) => Add(amounts, -1);

    /// <summary>How many tasks of the shape fit.</summary>
    public long Fits(ResourceAmounts shape)
    {
        var count = _slots;
        foreach (var (name, amount) in shape.Milli)
        {
            count = _ofProcess.MilliOf(name) < amount ? 0 : Math.Min(count, Math.Max(0, _amounts.GetValueOrDefault(name)) / amount);
        }

        return count;
    }

    /// <summary>Puts as many tasks as fit, and no more than <paramref name="wanted"/>.</summary>
    public long Put(ResourceAmounts shape, long wanted)
    {
        var count = Math.Min(wanted, Fits(shape));
        if (count > 0)
        {
            _slots -= count;
            Add(shape, -count);
        }

        return count;
    }

    private void Add(ResourceAmounts amounts, long times)
    {
        foreach (var (name, amount) in amounts.Milli)
        {
            _amounts[name] = _amounts.GetValueOrDefault(name) + (amount * times);
        }
    }
}
