using static Weft.Autoscaler.Core.Tests.ScalingDown;
using static Weft.Autoscaler.Core.Tests.World;

namespace Weft.Autoscaler.Core.Tests;

/// <summary>Nodes of which a part has left, and the rest refused to.</summary>
public sealed class HalfGoneTests
{
    /// <summary>Nodes of two slots, of which one has left, the other refused, and is busy.</summary>
    private static World WithHalfOf(int nodes, AutoscalerOptions options)
    {
        var world = new World(options);
        var names = Enumerable.Range(1, nodes).Select(static number => $"cpu-{number}").ToArray();
        foreach (var name in names)
        {
            world.Run(name, idleMs: IdleMs);
            world.Change(name, static worker => worker with { Slots = 1 });
            world.Workers[name + "b"] = world.Workers[name] with { Name = name + "b" };
        }

        Assert.Equal(nodes, Drained(world.Look()).Length);
        foreach (var name in names)
        {
            world.Workers.Remove(name + "b");
            world.Change(name, static worker => worker with { RefusedToLeave = "nobody has room" });
        }

        world.LookFor(4_000);
        foreach (var name in names)
        {
            world.Change(name, static worker => worker with { Assigned = 1, Running = 1 });
        }

        // Until what has left is not expected back.
        world.Ask(0, running: nodes);
        Assert.Empty(world.LookFor(options.BootTimeoutMs));
        return world;
    }

    /// <summary>As the worker says itself a moment after it was asked.</summary>
    private static void SayThatItLeaves(World world, string node) => world.Change(node, static worker => worker with { IsLeaving = true, RefusedToLeave = null });

    [Fact]
    public void A_node_of_which_part_refused_is_asked_again_when_tasks_find_no_place_because_of_it()
    {
        var world = WithHalfOf(1, Options(Type("cpu", slots: 2, max: 1)));
        world.Ask(3, running: 1);
        Assert.Equal([new DrainNodes(Keys("cpu-1"), "some of its workers have left")], world.Look());
    }

    [Fact]
    public void It_is_asked_too_when_the_cluster_or_its_cost_leaves_no_room_for_another_type()
    {
        foreach (var bound in new AutoscalerOptions[] { Options() with { WorkersMax = 1 }, Options() with { HourlyCostMaxMicros = 2 } })
        {
            var world = WithHalfOf(1, bound with { NodeTypes = [Type("cpu", slots: 2, price: 1), Type("gpu", price: 2, resources: "GPU=1")] });
            world.AskToo(1, "GPU=1");
            Assert.Equal(Keys("cpu-1"), Drained(world.Look()));
        }
    }

    [Fact]
    public void It_is_let_alone_when_tasks_find_no_place_and_would_not_find_one_without_it()
    {
        var world = WithHalfOf(1, Options(Type("cpu", slots: 2), Type("gpu", max: 1, resources: "GPU=1")) with { WorkersMax = 8, PriceMaxMicros = 5 });
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

    [Fact]
    public void Of_several_that_are_busy_one_is_asked_at_a_time()
    {
        var world = WithHalfOf(5, Options(Type("cpu", slots: 2, max: 5)));
        world.Ask(1, running: 5);
        Assert.Equal(Keys("cpu-1"), Drained(world.Look()));

        SayThatItLeaves(world, "cpu-1");
        Assert.Empty(world.LookFor(120_000));
        world.Workers.Remove("cpu-1");
        Assert.Equal(Keys("cpu-1"), Terminated(world.LookFor(32_000)).Distinct());
        world.Go("cpu-1");
        Assert.Equal([new LaunchNodes("cpu", 6, 1, false)], world.LookFor(10_000));
    }

    [Fact]
    public void The_next_is_asked_when_one_refuses_again()
    {
        var world = WithHalfOf(2, Options(Type("cpu", slots: 2, max: 2)));
        world.Ask(1, running: 2);
        Assert.Equal(Keys("cpu-1"), Drained(world.Look()));
        Assert.Equal(Keys("cpu-2"), Drained(world.LookFor(3_000)));
    }

    [Fact]
    public void The_next_is_asked_when_one_takes_too_long()
    {
        var world = WithHalfOf(2, Options(Type("cpu", slots: 2, max: 2)));
        world.Ask(1, running: 2);
        Assert.Equal(Keys("cpu-1"), Drained(world.Look()));
        SayThatItLeaves(world, "cpu-1");
        Assert.Empty(world.LookFor(599_000));
        Assert.Equal(Keys("cpu-2"), Drained(world.Look()));
    }

    [Fact]
    public void A_busy_one_stays_when_an_idle_one_goes()
    {
        var world = WithHalfOf(2, Options(Type("cpu", slots: 2, price: 1), Type("gpu", price: 1, resources: "GPU=1")) with { WorkersMax = 2 });
        world.Run("cpu-2");
        world.Change("cpu-2", static worker => worker with { Slots = 1 });
        world.Ask(1, "GPU=1");
        world.AskToo(0, running: 1);
        Assert.Equal(Keys("cpu-2"), Drained(world.Look()));
    }

    [Fact]
    public void A_busy_one_stays_while_a_node_that_leaves_by_itself_makes_room()
    {
        var world = WithHalfOf(1, Options(Type("cpu", slots: 2, max: 2)));
        world.Run("cpu-2", running: 2);
        SayThatItLeaves(world, "cpu-2");
        world.Ask(1, running: 3);
        Assert.Empty(world.LookFor(599_000));

        // Its host may have died.
        Assert.Equal(Keys("cpu-1"), Drained(world.LookFor(2_000)));
    }

    [Fact]
    public void Nor_does_it_go_for_what_a_node_that_ends_makes_room_for()
    {
        var world = WithHalfOf(1, Options(Type("cpu", slots: 2, max: 2)));
        world.Set("cpu-2", ObservedState.Ending);
        world.Ask(1, running: 1);
        Assert.Empty(world.LookFor(600_000));
        Assert.Equal(Keys("cpu-1"), Drained(world.Look()));
    }

    [Fact]
    public void A_busy_one_stays_when_nothing_but_a_number_of_nodes_is_missing()
    {
        var cpu = Type("cpu", slots: 2, max: 2, price: 1);
        var world = WithHalfOf(1, Options(cpu));
        world.Run("cpu-2", running: 2);
        world.Wanted = new WantedSize { Cluster = SizeTarget.Exactly(5) };
        Assert.Empty(world.LookFor(10_000));

        world.Wanted = new WantedSize();
        world.Change(Options(cpu with { WorkersMin = 3, WorkersMax = 3 }) with { HourlyCostMaxMicros = 2 });
        Assert.Empty(world.LookFor(10_000));
    }

    [Fact]
    public void A_busy_one_goes_for_the_minimum_of_another_type_and_not_below_that_of_its_own()
    {
        var cpu = Type("cpu", slots: 2, price: 1);
        var gpu = Type("gpu", min: 1, price: 1, resources: "GPU=1");
        var world = WithHalfOf(1, Options(cpu));
        world.Change(Options(cpu with { WorkersMin = 1 }, gpu) with { HourlyCostMaxMicros = 1 });
        Assert.Empty(world.LookFor(10_000));

        world.Change(Options(cpu, gpu) with { HourlyCostMaxMicros = 1 });
        Assert.Equal(Keys("cpu-1"), Drained(world.Look()));
    }

    [Fact]
    public void One_that_is_whole_again_goes_when_it_has_been_idle_for_long()
    {
        var world = new World(Options(Type("cpu", slots: 2)));
        world.Run("cpu-1", idleMs: IdleMs);
        world.Change("cpu-1", static worker => worker with { Slots = 1 });
        var other = world.Workers["cpu-1"] with { Name = "cpu-1b" };
        world.Workers["cpu-1b"] = other;
        Assert.Equal(Keys("cpu-1"), Drained(world.Look()));

        // Its connection is broken when the other's refusal is seen.
        world.Workers.Remove("cpu-1b");
        world.Change("cpu-1", static worker => worker with { RefusedToLeave = "nobody has room", Assigned = 1, Running = 1, IdleMs = 0 });
        world.Ask(0, running: 1);
        world.LookFor(4_000);
        world.Workers["cpu-1b"] = other;
        world.LookFor(2 * IdleMs);

        world.Change("cpu-1", static worker => worker with { Assigned = 0, Running = 0 });
        world.Demand.Clear();
        Assert.Empty(world.LookFor(10_000));
        world.Change("cpu-1", static worker => worker with { IdleMs = IdleMs });
        Assert.Equal([new DrainNodes(Keys("cpu-1"), "it was idle")], world.Look());
    }

    [Fact]
    public void An_idle_one_that_a_minimum_keeps_goes_when_what_it_lacks_is_wanted()
    {
        var world = WithHalfOf(1, Options(Type("cpu", slots: 2)));
        world.Wanted = new WantedSize { Cluster = SizeTarget.Exactly(1) };
        world.Change("cpu-1", static worker => worker with { Assigned = 0, Running = 0, IdleMs = 10 * IdleMs });
        world.Demand.Clear();
        Assert.Empty(world.LookFor(600_000));

        world.Ask(1);
        Assert.Empty(world.LookFor(10_000));
        world.Ask(2);
        Assert.Equal(Keys("cpu-1"), Drained(world.Look()));
    }
}
