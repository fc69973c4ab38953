using static Weft.Autoscaler.Core.Tests.World;

namespace Weft.Autoscaler.Core.Tests;

public sealed class PriceTests
{
    private const long One = 1_000_000;

    [Fact]
    public void A_type_that_costs_more_than_allowed_is_never_launched()
    {
        var world = new World(new AutoscalerOptions { NodeTypes = [Type("cpu", min: 1, price: 3 * One)], WorkersMax = 10, PriceMaxMicros = 2 * One });
        world.Ask(5);

        Assert.Empty(world.LookFor(10_000));
        Assert.Equal("a node costs 3 an hour, more than max_price 2", world.Report.Types[0].Held);
    }

    [Fact]
    public void The_fallback_may_be_too_dear_where_spot_is_not()
    {
        var type = Type("cpu", price: 3 * One) with { IsSpot = true, SpotPriceMicros = One, FallsBackToOnDemand = true };
        var world = new World(new AutoscalerOptions { NodeTypes = [type], WorkersMax = 10, PriceMaxMicros = 2 * One });
        world.Ask(1);
        var launch = (LaunchNodes)world.Look()[0];
        Assert.True(launch.IsSpot);
        world.Refuse(launch, LaunchFailureKind.Capacity);

        Assert.Empty(world.Look());
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 0)]
    public void A_node_that_is_found_costs_the_spot_price_if_its_type_is_bought_in_no_other_way(bool fallsBack, int expected)
    {
        var type = Type("cpu", price: 3 * One) with { IsSpot = true, SpotPriceMicros = One, FallsBackToOnDemand = fallsBack };
        var world = new World(new AutoscalerOptions { NodeTypes = [type], WorkersMax = 10, HourlyCostMaxMicros = 2 * One });
        world.Run("cpu-7", running: 1, isSpot: false);
        world.Ask(1, running: 1);

        Assert.Equal(expected, world.Look().OfType<LaunchNodes>().Sum(static launch => launch.Count));
    }

    [Fact]
    public void All_nodes_together_never_cost_more_than_allowed_waiting_and_leaving_ones_included()
    {
        var world = new World(new AutoscalerOptions { NodeTypes = [Type("cpu", price: One)], WorkersMax = 10, HourlyCostMaxMicros = (4 * One) - 1 });
        world.Set("cpu-1", ObservedState.Waiting);
        world.Set("cpu-2", ObservedState.Ending);
        world.Ask(5);

        Assert.Equal([new LaunchNodes("cpu", 3, 1, false)], world.Look());
        Assert.Equal("one more would cost 4 an hour in all, more than max_hourly_cost 3.999999", world.Report.Types[0].Held);
    }

    [Fact]
    public void The_cap_is_stronger_than_the_minimum()
    {
        var world = new World(new AutoscalerOptions { NodeTypes = [Type("cpu", min: 3, price: One)], WorkersMax = 10, HourlyCostMaxMicros = 2 * One });

        Assert.Equal([new LaunchNodes("cpu", 1, 2, false)], world.Look());
        Assert.Equal(3, world.Report.Types[0].Wanted);
    }

    [Fact]
    public void A_cheaper_type_may_come_where_the_dear_one_would_pass_the_cap()
    {
        var world = new World(new AutoscalerOptions { NodeTypes = [Type("cheap", max: 1, price: One), Type("dear", price: 3 * One), Type("middle", price: 4 * One)], WorkersMax = 10, HourlyCostMaxMicros = 5 * One });
        world.Ask(3);

        Assert.Equal([new LaunchNodes("cheap", 1, 1, false), new LaunchNodes("dear", 1, 1, false)], world.Look());
    }

    [Fact]
    public void Idle_nodes_go_at_once_when_all_cost_more_than_allowed()
    {
        var world = new World(new AutoscalerOptions { NodeTypes = [Type("cpu", price: One)], WorkersMax = 10 });
        world.Run("cpu-1", running: 1);
        world.Run("cpu-2");
        world.Look();
        world.Change(world.Options with { HourlyCostMaxMicros = One });

        Assert.Equal([Key("cpu-2")], Assert.IsType<DrainNodes>(Assert.Single(world.Look())).Nodes);
    }

    [Fact]
    public void Nodes_whose_launch_is_not_answered_go_first_when_all_cost_more_than_allowed()
    {
        var world = new World(new AutoscalerOptions { NodeTypes = [Type("cpu", min: 2, price: One)], WorkersMax = 10, HourlyCostMaxMicros = 2 * One });
        world.Run("cpu-1");
        var launch = Assert.IsType<LaunchNodes>(Assert.Single(world.Look()));

        // One that another has launched.
        world.Run("cpu-9", running: 1);
        world.Ask(0, running: 1);
        Assert.Empty(world.LookFor(60_000));

        world.Take(launch);
        Assert.Equal([Key("cpu-2")], Assert.IsType<TerminateNodes>(Assert.Single(world.Look())).Nodes);
    }
}
