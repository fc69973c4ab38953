namespace Weft.Autoscaler.Core;

/// <summary>How many nodes somebody asked for. A minimum takes the place of the file's; the file's maximum holds all the same.</summary>
public readonly record struct SizeTarget
{
    private SizeTarget(int? minimum, int maximum, bool isExact)
    {
        Minimum = minimum;
        Maximum = maximum;
        IsExact = isExact;
    }

    /// <summary>Null: nobody asked for one, and the file's hold, as far as <see cref="Maximum"/> lets them.</summary>
    public int? Minimum { get; }

    public int Maximum { get; }

    /// <summary>Nodes are taken down to reach it though tasks run on them; these end first. Otherwise only idle ones are.</summary>
    public bool IsExact { get; }

    public static SizeTarget Exactly(int nodes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(nodes);
        return new SizeTarget(nodes, nodes, isExact: true);
    }

    public static SizeTarget Between(int minimum, int maximum)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(minimum);
        ArgumentOutOfRangeException.ThrowIfLessThan(maximum, minimum);
        return new SizeTarget(minimum, maximum, isExact: false);
    }

    public static SizeTarget AtMost(int maximum)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maximum);
        return new SizeTarget(null, maximum, isExact: false);
    }
}
