using Weft.Autoscaler.Core;
using Weft.Launcher.Tests.Configuration;
using Weft.Primitives;

namespace Weft.Launcher.Tests.Autoscaling;

public sealed class AutoscalerSettingsTests
{
    private const string Plain = "cluster_name: demo\nprovider: {type: local}\n";

    [Fact]
    public void What_the_file_says_of_sizes_and_money_reaches_the_core_in_whole_numbers()
    {
        var options = AutoscalerSettings.Of(ClusterFileTests.Right(Plain + """
            max_workers: 9
            upscaling_speed: 1.5
            worker_timeout: 90s
            head_timeout: 2h
            max_price: 1.2345678
            max_hourly_cost: 3
            available_node_types:
              cpu: {min_workers: 2, max_workers: 4, resources: {CPU: 3, GPU: 1.5}, price: 0.0000001, spot_price: 0.25}
              gpu: {resources: {CPU: 1} }
            """));

        Assert.Equal((9, 1500, 90_000L, 7_200_000L), (options.WorkersMax, options.UpscalingSpeedMilli, options.IdleTimeoutMs, options.HeadTimeoutMs));

        // Up: what costs a little is not free, and a bound of a little is not none.
        Assert.Equal((1_234_568L, 3_000_000L), (options.PriceMaxMicros, options.HourlyCostMaxMicros));
        var cpu = options.NodeTypes[0];
        Assert.Equal(("cpu", 3, 2, 4), (cpu.Name, cpu.Slots, cpu.WorkersMin, cpu.WorkersMax));
        Assert.Equal(ResourceAmounts.Parse("GPU=1.5"), cpu.Resources);
        Assert.Equal((1L, 250_000L), (cpu.PriceMicros, cpu.SpotPriceMicros));
        Assert.Equal((0L, null), (options.NodeTypes[1].PriceMicros, options.NodeTypes[1].SpotPriceMicros));
    }

    [Fact]
    public void What_one_process_has_is_what_it_is_started_with()
    {
        var types = AutoscalerSettings.Of(ClusterFileTests.Right(Plain + """
            available_node_types:
              shared: {resources: {CPU: 4, GPU: 2, licence: 1}, nworkers: 2}
              alone: {resources: {CPU: 4, GPU: 2} }
            """)).NodeTypes;

        Assert.Equal(ResourceAmounts.Parse("GPU=1,licence=0.5"), types[0].ProcessResources);
        Assert.Equal(ResourceAmounts.Parse("GPU=2"), types[1].ProcessResources);
    }

    [Fact]
    public void Types_whose_processes_are_started_again_are_known()
    {
        var types = AutoscalerSettings.Of(ClusterFileTests.Right(Plain + """
            available_node_types:
              again: {worker_options: [--lifetime 55m, --lifetime-restart]}
              once: {worker_options: [--lifetime 55m]}
            """)).NodeTypes;

        Assert.Equal([true, false], types.Select(static type => type.RestartsWorkers));
    }

    [Fact]
    public void What_never_comes_never_comes_and_what_has_no_bound_has_none()
    {
        var options = AutoscalerSettings.Of(ClusterFileTests.Right(Plain + "worker_timeout: -1\n"));

        Assert.Equal((AutoscalerOptions.Never, AutoscalerOptions.Never), (options.IdleTimeoutMs, options.HeadTimeoutMs));
        Assert.Null(options.PriceMaxMicros);
        Assert.Null(options.HourlyCostMaxMicros);
    }

    [Fact]
    public void A_timeout_of_zero_is_one_of_the_shortest_and_a_speed_has_a_bound()
    {
        var options = AutoscalerSettings.Of(ClusterFileTests.Right(Plain + "worker_timeout: 0\n") with { UpscalingSpeed = 1e9 });

        Assert.Equal((1L, int.MaxValue), (options.IdleTimeoutMs, options.UpscalingSpeedMilli));
    }
}
