using Weft.Autoscaler.Core;

namespace Weft.Launcher;

/// <summary>What the cluster file says of its size, in the core's integers.</summary>
internal static class AutoscalerSettings
{
    public static AutoscalerOptions Of(ClusterConfiguration configuration) => new()
    {
        NodeTypes = [.. configuration.NodeTypes.Select(Of)],
        WorkersMax = configuration.WorkersMax,
        UpscalingSpeedMilli = (int)Math.Min(int.MaxValue, configuration.UpscalingSpeed * 1000),
        IdleTimeoutMs = Milliseconds(configuration.WorkerTimeout),
        HeadTimeoutMs = Milliseconds(configuration.HeadTimeout),
        PriceMaxMicros = Micros(configuration.PriceMax),
        HourlyCostMaxMicros = Micros(configuration.HourlyCostMax),
    };

    private static NodeTypeOptions Of(NodeTypeConfiguration type) => new()
    {
        Name = type.Name,
        Slots = type.Capacity.Slots,
        Resources = type.Resources,
        ProcessResources = type.ProcessResources,
        RestartsWorkers = type.WorkerArguments.Contains("--lifetime-restart"),
        WorkersMin = type.WorkersMin,
        WorkersMax = type.WorkersMax,
        PriceMicros = Micros(type.Price) ?? 0,
        SpotPriceMicros = Micros(type.SpotPrice),
        IsSpot = type.IsSpot,
        FallsBackToOnDemand = type.FallsBackToOnDemand,
    };

    /// <summary>A timeout of zero is one of the shortest.</summary>
    private static long Milliseconds(TimeSpan timeout) => timeout == Timeout.InfiniteTimeSpan ? AutoscalerOptions.Never : Math.Max(1, (long)timeout.TotalMilliseconds);

    private static long? Micros(decimal? amount) => amount is { } known ? (long)decimal.Ceiling(known * 1_000_000) : null;
}
