using static Weft.Autoscaler.Core.Tests.ScalingDown;
using static Weft.Autoscaler.Core.Tests.World;

namespace Weft.Autoscaler.Core.Tests;

/// <summary>Sizes that somebody asked for, and which nodes go for them.</summary>
public sealed class AskedSizeTests
{
    [Fact]
    public void A_size_is_reached_by_nodes_on_their_way_then_idle_ones_then_the_youngest_tasks()
    {
        var world = new World(Options(Type("cpu")));
        world.Run("cpu-1", running: 1, forMs: 20_000);
        world.Run("cpu-2", running: 1, forMs: 10_000);
        world.Run("cpu-3");
        world.Set("cpu-4", ObservedState.Running);
        world.Set("cpu-5", ObservedState.Waiting);
        world.Ask(2, running: 2);
        world.Look();
        world.Wanted = new WantedSize { Cluster = SizeTarget.Exactly(4) };
        Assert.Equal([new TerminateNodes(Keys("cpu-5"), "there are more nodes than there may be")], world.Look());

        world.Go("cpu-5");
        world.Wanted = new WantedSize { Cluster = SizeTarget.Exactly(2) };
        var actions = world.Look();
        Assert.Equal(Keys("cpu-4"), Terminated(actions));
        Assert.Equal(Keys("cpu-3"), Drained(actions));

        world.Go("cpu-4");
        world.Go("cpu-3");
        world.Wanted = new WantedSize { Cluster = SizeTarget.Exactly(1) };
        Assert.Equal(Keys("cpu-2"), Drained(world.Look()));
    }

    [Fact]
    public void Nodes_whose_launch_is_not_answered_go_first_when_it_is_and_no_busy_ones_in_their_place()
    {
        var world = new World(Options(Type("cpu")));
        world.Run("cpu-1", running: 1);
        world.Run("cpu-2", running: 1);
        world.Ask(0, running: 2);
        world.Wanted = new WantedSize { Cluster = SizeTarget.Exactly(10) };
        var launch = Assert.IsType<LaunchNodes>(Assert.Single(world.Look()));
        Assert.Equal(8, launch.Count);
        world.Wanted = new WantedSize { Cluster = SizeTarget.Exactly(2) };
        Assert.Empty(world.LookFor(60_000));

        world.Take(launch);
        Assert.Equal(Enumerable.Range(3, 8).Select(static number => new NodeKey("cpu", number)), Terminated(world.Look()));
    }

    [Fact]
    public void A_node_that_works_before_its_launch_is_answered_goes_as_one_that_works()
    {
        var world = new World(Options(Type("cpu", min: 2)));
        var launch = Assert.IsType<LaunchNodes>(Assert.Single(world.Look()));
        world.IsListed = false;
        world.Run("cpu-1");
        world.Run("cpu-2");
        world.Wanted = new WantedSize { Cluster = SizeTarget.Exactly(1) };

        Assert.Equal(2, launch.Count);
        Assert.Equal(Keys("cpu-2"), Drained(world.Look()));
    }

    [Fact]
    public void Nodes_whose_launch_is_not_answered_and_that_are_a_type_s_minimum_do_not_stand_for_busy_ones()
    {
        var world = new World(Options(Type("cpu"), Type("gpu", min: 1)));
        world.Run("cpu-1", running: 1, forMs: 20_000);
        world.Run("cpu-2", running: 1, forMs: 10_000);
        world.Ask(0, running: 2);
        Assert.IsType<LaunchNodes>(Assert.Single(world.Look()));
        world.Wanted = new WantedSize { Cluster = SizeTarget.Exactly(2) };

        Assert.Equal(Keys("cpu-2"), Drained(world.Look()));
    }

    [Fact]
    public void Down_scaling_never_picks_workers_with_seceded_long_running_parents_even_when_asked_for_n()
    {
        var world = new World(Options(Type("cpu", slots: 2)));
        world.Run("cpu-1", inside: 1);
        world.Run("cpu-2", running: 1, forMs: 60_000);
        world.Run("cpu-3", running: 1, forMs: 59_999, inside: 1);
        world.Run("cpu-4", running: 1, forMs: 59_999);
        world.Wanted = new WantedSize { Cluster = SizeTarget.Exactly(0), Types = new Dictionary<string, SizeTarget> { ["cpu"] = SizeTarget.Exactly(0) } };

        Assert.Equal(Keys("cpu-4"), Drained(world.Look()));
        world.Go("cpu-4");
        Assert.Empty(world.LookFor(3_600_000));

        world.Wanted = new WantedSize { IsShutDown = true };
        Assert.Equal(Keys("cpu-1", "cpu-2", "cpu-3"), Terminated(world.Look()));
    }

    [Theory]
    [InlineData(null, null, "2 3")]
    [InlineData(null, 9, "2 3")]
    [InlineData(null, 4, "2 2")]
    [InlineData(null, 1, "1 0")]
    [InlineData(0, 0, "0 0")]
    [InlineData(4, 4, "2 2")]
    [InlineData(0, 9, "0 0")]
    [InlineData(9, 9, "2 3")]
    public void The_minimum_that_is_told_is_what_is_kept_of_the_file_s_when_somebody_asked_for_a_size(int? minimum, int? maximum, string told)
    {
        var world = new World(Options(Type("cpu", min: 2), Type("gpu", min: 3)));
        world.Wanted = new WantedSize { Cluster = minimum is { } least ? SizeTarget.Between(least, maximum!.Value) : maximum is { } most ? SizeTarget.AtMost(most) : null };
        world.Look();

        Assert.Equal(told, string.Join(' ', world.Report.Types.Select(static type => type.Minimum)));
        world.IsHeard = false;
        world.Look();
        Assert.Equal(told, string.Join(' ', world.Report.Types.Select(static type => type.Minimum)));
    }

    [Fact]
    public void A_size_is_reached_upwards_at_once_whatever_there_is_to_do()
    {
        var world = new World(Options(Type("dear", price: 2), Type("cheap", max: 20, price: 1))) { Wanted = new WantedSize { Cluster = SizeTarget.Exactly(24) } };

        Assert.Equal([new LaunchNodes("dear", 1, 4, false), new LaunchNodes("cheap", 1, 20, false)], world.Look());
    }

    [Fact]
    public void A_size_counts_more_than_the_files_minimum_and_less_than_its_maximum()
    {
        var world = new World(Options(Type("a", min: 2), Type("b", min: 2, max: 4)));
        world.Wanted = new WantedSize { Cluster = SizeTarget.Exactly(3) };
        Assert.Equal([new LaunchNodes("a", 1, 2, false), new LaunchNodes("b", 1, 1, false)], world.Look());

        var single = new World(Options(Type("a", min: 2), Type("b", min: 2, max: 4)));
        single.Wanted = new WantedSize { Types = new Dictionary<string, SizeTarget> { ["a"] = SizeTarget.Exactly(0), ["b"] = SizeTarget.Exactly(9) } };
        Assert.Equal([new LaunchNodes("b", 1, 4, false)], single.Look());
    }

    [Fact]
    public void Between_two_sizes_tasks_decide_and_busy_nodes_stay()
    {
        var world = new World(Options(Type("cpu"))) { Wanted = new WantedSize { Cluster = SizeTarget.Between(1, 3) } };
        world.Ask(9);
        world.Take((LaunchNodes)Assert.Single(world.Look()));
        Assert.Equal(3, world.Nodes.Count);
        world.Run("cpu-1", running: 1);
        world.Run("cpu-2", running: 1);
        world.Run("cpu-3");
        world.Demand.Clear();

        world.Wanted = new WantedSize { Cluster = SizeTarget.Between(0, 1) };
        Assert.Equal(Keys("cpu-3"), Drained(world.LookFor(20_000)).Distinct());
    }

    [Fact]
    public void A_maximum_alone_puts_no_nodes_of_another_type_in_the_place_of_a_minimum_that_cannot_be_had()
    {
        var world = new World(Options(Type("cpu", min: 2), Type("gpu"))) { Wanted = new WantedSize { Cluster = SizeTarget.AtMost(10) } };
        var launch = Assert.IsType<LaunchNodes>(Assert.Single(world.Look()));
        Assert.Equal(new LaunchNodes("cpu", 1, 2, false), launch);
        world.Refuse(launch, LaunchFailureKind.Permanent);

        Assert.Empty(world.LookFor(60_000));
        Assert.Equal([2, 0], world.Report.Types.Select(static type => type.Wanted));
    }

    [Fact]
    public void Nor_does_it_keep_idle_nodes_of_another_type_for_that()
    {
        var world = new World(Options(Type("cpu", min: 2), Type("gpu"))) { Wanted = new WantedSize { Cluster = SizeTarget.AtMost(10) } };
        world.Run("gpu-1", idleMs: IdleMs);
        world.Run("gpu-2", idleMs: IdleMs);
        var actions = world.Look();
        world.Refuse(Assert.IsType<LaunchNodes>(actions[^1]), LaunchFailureKind.Permanent);

        Assert.Equal(Keys("gpu-1", "gpu-2"), Drained([.. actions, .. world.Look()]));
    }

    [Fact]
    public void A_maximum_alone_is_shared_out_over_the_minima_of_the_file_and_only_idle_nodes_leave_for_it()
    {
        var world = new World(Options(Type("a", min: 2), Type("b", min: 2)));
        world.Run("a-1", running: 1);
        world.Run("a-2");
        world.Run("b-1", running: 1);
        world.Run("b-2", running: 1);
        world.Ask(0, running: 3);
        Assert.Empty(world.Look());

        world.Wanted = new WantedSize { Cluster = SizeTarget.AtMost(3) };
        Assert.Empty(world.LookFor(10_000));
        world.Run("b-2");
        world.Ask(0, running: 2);
        Assert.Equal([new DrainNodes(Keys("b-2"), "there are more nodes than there may be")], world.Look());
    }

    [Fact]
    public void What_lacks_is_told_of_the_cheapest_type_of_the_file_and_not_of_one_that_only_nodes_bear()
    {
        var world = new World(Options(Type("dear", max: 1, price: 2), Type("cheap", max: 1, price: 1)));
        world.Run("old-1", running: 1);
        world.Ask(0, running: 1);
        world.Wanted = new WantedSize { Cluster = SizeTarget.Exactly(5) };
        world.Look();
        Assert.Equal(["dear 1", "cheap 3", "old 1"], world.Report.Types.Select(static type => $"{type.Type} {type.Wanted}"));

        world.Wanted = new WantedSize();
        world.Ask(4, running: 1);
        world.Look();
        Assert.Equal(["dear 1", "cheap 3", "old 1"], world.Report.Types.Select(static type => $"{type.Type} {type.Wanted}"));
    }
}
