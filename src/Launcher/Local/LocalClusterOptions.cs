using Weft.Primitives;

namespace Weft;

/// <summary>How large a <see cref="LocalCluster"/> is.</summary>
public sealed record LocalClusterOptions
{
    /// <summary>Workers with one slot each; null: one for each core that this process was granted.</summary>
    public int? Workers { get; init; }

    /// <summary>Tasks at a time in each worker. Default 1.</summary>
    public int SlotsPerWorker { get; init; } = 1;

    /// <summary>What each worker has for tasks to ask for. Default: nothing.</summary>
    public ResourceAmounts Resources { get; init; } = ResourceAmounts.None;
}
