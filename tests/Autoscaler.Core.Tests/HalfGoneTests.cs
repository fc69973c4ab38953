using static Weft.Autoscaler.Core.Tests.ScalingDown;
using static Weft.Autoscaler.Core.Tests.World;

namespace Weft.Autoscaler.Core.Tests;

/// <summary>Nodes of which a part has left, and the rest refused to.</summary>
public sealed class HalfGoneTests
{
    /// <summary>A node of two slots, of which one has left, the other refused, and is busy.</summary>
    private static World WithHalfOfOneNode(AutoscalerOptions options)
    {
        var world = new World(options);
        world.Run("cpu-1", idleMs: IdleMs);
        world.Workers["cpu-1"] = world.Workers["cpu-1"] with { Slots = 1 };
        world.Workers["cpu-1b"] = world.Workers["cpu-1"] with { Name = "cpu-1b" };
        Assert.Single(Drained(world.Look()));
        world.Workers.Remove("cpu-1b");
        world.Change("cpu-1", static worker => worker with { RefusedToLeave = "nobody has room" });
        world.LookFor(4_000);
        world.Change("cpu-1", static worker => worker with { Assigned = 1, Running = 1 });
        world.Ask(0, running: 1);
        Assert.Empty(world.LookFor(2 * IdleMs));
        return world;
    }

    [Fact]
    public void A_node_of_which_part_refused_is_asked_again_when_tasks_find_no_place_because_of_it()
    {
        var world = WithHalfOfOneNode(Options(Type("cpu", slots: 2, max: 1)));
        world.Ask(3, running: 1);
        Assert.Equal([new DrainNodes(Keys("cpu-1"), "some of its workers have left")], world.Look());
    }

    [Fact]
    public void It_is_asked_too_when_the_cluster_or_its_cost_leaves_no_room_for_another_type()
    {
        foreach (var bound in new AutoscalerOptions[] { Options() with { WorkersMax = 1 }, Options() with { HourlyCostMaxMicros = 2 } })
        {
            var world = WithHalfOfOneNode(bound with { NodeTypes = [Type("cpu", slots: 2, price: 1), Type("gpu", price: 2, resources: "GPU=1")] });
            world.AskToo(1, "GPU=1");
            Assert.Equal(Keys("cpu-1"), Drained(world.Look()));
        }
    }

    [Fact]
    public void It_is_let_alone_when_tasks_find_no_place_and_would_not_find_one_without_it()
    {
        var world = WithHalfOfOneNode(Options(Type("cpu", slots: 2), Type("gpu", max: 1, resources: "GPU=1")) with { WorkersMax = 8, PriceMaxMicros = 5 });
        world.Run("gpu-1", running: 1);
        world.Ask(1, "GPU=1", running: 1);
        world.AskToo(0, running: 1);
        Assert.Empty(world.LookFor(10_000));
        Assert.Equal("it is at its maximum of 1", world.Report.Types[1].Held);

        // So many are on their way that more wait; then they are refused.
        world.Ask(100, running: 1);
        var launch = Assert.IsType<LaunchNodes>(Assert.Single(world.Look()));
        Assert.Equal(5, launch.Count);
        world.Refuse(launch, LaunchFailureKind.Permanent);
        Assert.Empty(world.LookFor(60_000));

        // The file makes them too dear.
        world.Change(world.Options with { NodeTypes = [Type("cpu", slots: 2, price: 6), world.Options.NodeTypes[1]] });
        Assert.Empty(world.LookFor(60_000));
        Assert.Equal("a node costs 0.000006 an hour, more than max_price 0.000005", world.Report.Types[0].Held);
    }
}
