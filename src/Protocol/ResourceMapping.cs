using Google.Protobuf.Collections;
using Weft.Primitives;
using Weft.Protocol.V1;

namespace Weft.Protocol;

/// <summary>Amounts of named resources, to and from the wire.</summary>
public static class ResourceMapping
{
    public static void AddTo(this ResourceAmounts amounts, RepeatedField<Resource> field)
    {
        foreach (var (name, milli) in amounts.Milli)
        {
            field.Add(new Resource { Name = name, Milli = (ulong)milli });
        }
    }

    /// <summary>A name that comes twice counts with its sum; an amount beyond all reason counts as the largest reasonable one.</summary>
    public static ResourceAmounts ToAmounts(this RepeatedField<Resource> field)
    {
        if (field.Count == 0)
        {
            return ResourceAmounts.None;
        }

        var sums = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var resource in field)
        {
            var milli = (long)Math.Min(resource.Milli, int.MaxValue * (ulong)ResourceAmounts.Unit);
            sums[resource.Name] = sums.GetValueOrDefault(resource.Name) + milli;
        }

        return ResourceAmounts.Of(sums);
    }
}
