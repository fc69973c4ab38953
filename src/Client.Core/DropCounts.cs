namespace Weft.Client.Core;

/// <summary>How often something was dropped, by reason.</summary>
public sealed class DropCounts
{
    private readonly long[] _counts = new long[Enum.GetValues<DropReason>().Length];

    public long this[DropReason reason] => _counts[(int)reason];

    public long Total => _counts.Sum();

    internal void Add(DropReason reason, int count = 1) => _counts[(int)reason] += count;
}
