namespace Weft;

/// <summary>How a cluster within the calling process is set up.</summary>
public sealed record LocalClusterOptions
{
    /// <summary>How many workers, each with one slot. Default: one for each core that this process may use.</summary>
    public int Workers { get; init; } = Environment.ProcessorCount;
}
