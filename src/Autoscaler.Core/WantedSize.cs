namespace Weft.Autoscaler.Core;

/// <summary>What people asked for. Nothing: the file's own bounds hold.</summary>
public sealed record WantedSize
{
    /// <summary>Of worker nodes of all types together.</summary>
    public SizeTarget? Cluster { get; init; }

    /// <summary>Of single types, by name.</summary>
    public IReadOnlyDictionary<string, SizeTarget> Types { get; init; } = new SortedDictionary<string, SizeTarget>(StringComparer.Ordinal);

    /// <summary>Everything ends, whatever runs.</summary>
    public bool IsShutDown { get; init; }
}
