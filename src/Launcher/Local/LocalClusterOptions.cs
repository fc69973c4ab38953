<<<<<<< HEAD
namespace Weft;

/// <summary>How a cluster within the calling process is set up.</summary>
public sealed record LocalClusterOptions
{
    /// <summary>How many workers, each with one slot. Default: one for each core that this process may use.</summary>
    public int Workers { get; init; } = Environment.ProcessorCount;
=======
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
>>>>>>> 5db93f5b663aa5b195e5546d81af79c56fb3e172
}
