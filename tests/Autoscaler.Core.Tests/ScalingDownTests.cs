using static Weft.Autoscaler.Core.Tests.World;

namespace Weft.Autoscaler.Core.Tests;

public sealed class ScalingDownTests
{
    private const long IdleMs = 100_000;

    private static AutoscalerOptions Options(params NodeTypeOptions[] types) => new() { NodeTypes = types, WorkersMax = 100, IdleTimeoutMs = IdleMs, LongRunningMs = 60_000 };

    private static NodeKey[] Keys(params string[] nodes) => [.. nodes.Select(Key)];

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

    private static NodeKey[] Drained(IEnumerable<AutoscalerAction> actions) => [.. actions.OfType<DrainNodes>().SelectMany(static drain => drain.Nodes)];

    private static NodeKey[] Terminated(IEnumerable<AutoscalerAction> actions) => [.. actions.OfType<TerminateNodes>().SelectMany(static drain => drain.Nodes)];

    [Fact]
    public void An_idle_node_leaves_after_the_timeout_and_ends_when_its_workers_have_left()
    {
        var world = new World(Options(Type("cpu")));
        world.Run("cpu-1", idleMs: IdleMs - 1);
        Assert.Empty(world.Look());

        world.Run("cpu-1", idleMs: IdleMs);
        Assert.Equal([new DrainNodes(Keys("cpu-1"), "it was idle")], world.Look());
        world.Change("cpu-1", static worker => worker with { IsLeaving = true });
        Assert.Empty(world.LookFor(60_000));

        world.Workers.Clear();
        Assert.Empty(world.LookFor(30_000));
        Assert.Equal([new TerminateNodes(Keys("cpu-1"), "its workers have left: it was idle")], world.Look());
    }

    [Fact]
    public void A_draining_node_whose_worker_loses_its_connection_is_waited_for()
    {
        var world = new World(Options(Type("cpu")));
        world.Run("cpu-1", idleMs: IdleMs);
        Assert.Single(Drained(world.Look()));
        world.Change("cpu-1", static worker => worker with { IsLeaving = true });
        var worker = world.Workers["cpu-1"];
        for (var i = 0; i < 10; i++)
        {
            world.Workers.Clear();
            Assert.Empty(world.LookFor(29_000));
            world.Workers["cpu-1"] = worker;
            Assert.Empty(world.Look());
        }
    }

    [Fact]
    public void A_draining_node_that_its_queue_suspends_is_waited_for()
    {
        var world = new World(Options(Type("cpu")));
        world.Run("cpu-1", idleMs: IdleMs);
        Assert.Single(Drained(world.Look()));
        world.Workers.Clear();
        Assert.Empty(world.LookFor(20_000));
        world.Set("cpu-1", ObservedState.Waiting, detail: "suspended");
        Assert.Empty(world.LookFor(3_600_000));
        world.Set("cpu-1", ObservedState.Running);
        Assert.Empty(world.LookFor(30_000));

        Assert.Equal(Keys("cpu-1"), Terminated(world.Look()));
    }

    [Fact]
    public void A_node_above_a_bound_that_a_long_task_keeps_is_not_ended_when_its_worker_loses_its_connection()
    {
        var world = new World(Options(Type("cpu"))) { Wanted = new WantedSize { Cluster = SizeTarget.Exactly(0) } };
        world.Run("cpu-1", running: 1, forMs: 60_000);
        Assert.Empty(world.Look());
        var worker = world.Workers["cpu-1"];
        world.Workers.Clear();
        Assert.Empty(world.LookFor(30_000));
        world.Workers["cpu-1"] = worker;
        Assert.Empty(world.Look());

        world.Workers.Clear();
        world.Set("cpu-1", ObservedState.Waiting, detail: "suspended");
        Assert.Empty(world.LookFor(3_600_000));
        world.Set("cpu-1", ObservedState.Running);
        Assert.Empty(world.LookFor(30_000));
        Assert.Equal(Keys("cpu-1"), Terminated(world.Look()));
    }

    [Fact]
    public void What_was_said_is_said_again_until_it_is_done()
    {
        var world = new World(Options(Type("cpu")));
        world.Run("cpu-1", idleMs: IdleMs);
        Assert.Single(Drained(world.Look()));
        Assert.Empty(world.LookFor(9_000));
        Assert.Single(Drained(world.Look()));

        world.Workers.Clear();
        Assert.Single(Terminated(world.LookFor(31_000)));
        world.Set("cpu-1", ObservedState.Ending);
        Assert.Empty(world.LookFor(9_000));
        Assert.Single(Terminated(world.Look()));
        world.Go("cpu-1");
        Assert.Empty(world.LookFor(60_000));
    }

    [Fact]
    public void The_one_with_the_fewest_bytes_leaves_first_then_the_dearest_and_never_below_the_minimum()
    {
        var world = new World(Options(Type("cheap", min: 1, price: 1), Type("dear", price: 2)));
        world.Run("cheap-1", idleMs: IdleMs, bytes: 5);
        world.Run("cheap-2", idleMs: IdleMs, bytes: 7);
        world.Run("dear-1", idleMs: IdleMs, bytes: 6);
        Assert.Equal(Keys("cheap-1", "dear-1"), Drained(world.Look()));

        var exact = new World(Options(Type("cheap", price: 1), Type("dear", price: 2))) { Wanted = new WantedSize { Cluster = SizeTarget.Exactly(1) } };
        exact.Run("cheap-1", bytes: 5);
        exact.Run("dear-1", bytes: 5);
        Assert.Equal(Keys("dear-1"), Drained(exact.Look()));
    }

    [Fact]
    public void A_type_that_is_below_its_minimum_keeps_no_nodes_of_another()
    {
        var world = new World(Options(Type("cpu", min: 2), Type("gpu", price: 1)));
        world.Run("gpu-1", idleMs: IdleMs);
        world.Run("gpu-2", idleMs: IdleMs);
        world.Set("gpu-3", ObservedState.Waiting);
        var actions = new List<AutoscalerAction>();
        for (var i = 0; i < 20; i++)
        {
            var now = world.Look();
            now.OfType<LaunchNodes>().ToList().ForEach(launch => world.Refuse(launch, LaunchFailureKind.Permanent));
            actions.AddRange(now);
        }

        Assert.Equal(Keys("gpu-1", "gpu-2"), Drained(actions).Distinct().Order());
        Assert.Equal(Keys("gpu-3"), Terminated(actions).Distinct());
    }

    [Fact]
    public void A_node_that_is_still_to_come_does_not_stand_for_one_that_is_there()
    {
        var world = new World(Options(Type("cpu", min: 1)));
        world.Run("cpu-1", idleMs: IdleMs);
        world.Set("cpu-2", ObservedState.Waiting);

        var actions = world.LookFor(20_000);

        Assert.Empty(Drained(actions));
        Assert.Equal(Keys("cpu-2"), Terminated(actions).Distinct());
    }

    [Fact]
    public void An_idle_node_that_waiting_tasks_need_stays()
    {
        var world = new World(Options(Type("cpu")));
        world.Run("cpu-1", idleMs: IdleMs);
        world.Run("cpu-2", idleMs: IdleMs);
        world.Ask(1);

        Assert.Equal(Keys("cpu-2"), Drained(world.Look()));
    }

    [Fact]
    public void A_busy_node_stays()
    {
        var world = new World(Options(Type("cpu")));
        world.Run("cpu-1", running: 1);
        world.Run("cpu-2", inside: 1);

        Assert.Empty(world.LookFor(3 * IdleMs));
    }

    [Fact]
    public void A_refused_drain_keeps_the_node_and_is_tried_later()
    {
        var world = new World(Options(Type("cpu")));
        world.Run("cpu-1", idleMs: IdleMs);
        Assert.Single(Drained(world.Look()));
        world.Change("cpu-1", static worker => worker with { RefusedToLeave = "nobody has room" });

        Assert.Empty(world.LookFor(IdleMs));
        Assert.Equal("cpu-1 was asked to leave and stays: nobody has room", Assert.Single(world.Report.Lines));
        Assert.Single(Drained(world.LookFor(3_000)));

        // What it said then is of before, for a moment.
        Assert.Empty(world.LookFor(2_000));
        Assert.Equal(1, world.Report.Types[0].Leaving);
    }

    [Fact]
    public void A_drain_that_takes_long_is_told_of_and_not_forced()
    {
        var world = new World(Options(Type("cpu")));
        world.Run("cpu-1", idleMs: IdleMs);
        world.Look();
        world.Change("cpu-1", static worker => worker with { IsLeaving = true });

        Assert.Empty(world.LookFor(3_600_000));
        Assert.Equal("cpu-1 has been leaving for 60 min (it was idle)", Assert.Single(world.Report.Lines));
    }

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
    [InlineData(0, 0, "0 0")]
    [InlineData(4, 4, "2 2")]
    [InlineData(0, 9, "0 0")]
    [InlineData(9, 9, "2 3")]
    public void The_minimum_that_is_told_is_what_is_kept_of_the_file_s_when_somebody_asked_for_a_size(int? minimum, int? maximum, string told)
    {
        var world = new World(Options(Type("cpu", min: 2), Type("gpu", min: 3)));
        world.Wanted = new WantedSize { Cluster = minimum is { } least ? SizeTarget.Between(least, maximum!.Value) : null };
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
    public void A_node_on_its_way_that_nobody_needs_any_more_is_cancelled_after_a_moment()
    {
        var world = new World(Options(Type("cpu", min: 1)));
        world.Ask(2);
        world.Take((LaunchNodes)world.Look()[0]);
        world.Demand.Clear();
        Assert.Empty(world.LookFor(15_000));

        // The next wave comes in time, and leaves; then none does.
        world.Ask(2);
        Assert.Empty(world.Look());
        world.Demand.Clear();
        Assert.Empty(world.LookFor(15_000));
        Assert.Equal([new TerminateNodes(Keys("cpu-2"), "nothing is left for it to do")], world.Look());
    }

    [Fact]
    public void A_node_is_not_launched_after_another_was_let_go_unless_there_is_more_to_do()
    {
        var world = new World(Options(Type("cpu")));
        world.Run("cpu-1", running: 1);
        world.Run("cpu-2", idleMs: IdleMs);
        world.Ask(0, running: 1);
        Assert.Equal(Keys("cpu-2"), Drained(world.Look()));
        world.Go("cpu-2");

        // A task that has just begun is told of twice: as running, and, by an older count, as waiting.
        world.Ask(1);
        Assert.Empty(world.Look());
        Assert.Equal("one was let go as idle just now, and there is no more to do than then", world.Report.Types[0].Held);

        world.Ask(1, running: 1);
        Assert.Single(world.Look());
    }

    [Fact]
    public void There_is_more_to_do_when_there_is_more_of_what_others_cannot_do()
    {
        var world = new World(Options(Type("cpu", slots: 4), Type("gpu", slots: 4, resources: "GPU=2")));
        world.Run("gpu-1", idleMs: IdleMs);
        for (var i = 1; i <= 4; i++)
        {
            world.Run($"cpu-{i}", running: 4);
        }

        world.Ask(0, running: 16);
        Assert.Equal(Keys("gpu-1"), Drained(world.Look()));
        world.Go("gpu-1");
        world.Run("cpu-4");
        world.Ask(0, running: 12);
        Assert.Empty(world.Look());

        world.AskToo(2, "GPU=1");
        Assert.Equal([new LaunchNodes("gpu", 2, 1, false)], world.Look());
    }

    [Fact]
    public void There_is_no_more_to_do_when_there_is_more_of_what_the_type_cannot_do()
    {
        var world = new World(Options(Type("cpu"), Type("gpu", price: 1, resources: "GPU=2")));
        world.Run("cpu-1", running: 1);
        world.Run("cpu-2", idleMs: IdleMs);
        world.Ask(0, running: 1);
        world.Look();
        world.Go("cpu-2");
        world.Ask(1);
        world.AskToo(1, "GPU=1");

        Assert.Equal([new LaunchNodes("gpu", 1, 1, false)], world.Look());
    }

    [Fact]
    public void After_the_idle_timeout_or_a_loss_it_is()
    {
        var world = new World(Options(Type("cpu")));
        world.Run("cpu-1", running: 1);
        world.Run("cpu-2", idleMs: IdleMs);
        world.Ask(0, running: 1);
        world.Look();
        world.Go("cpu-2");
        world.Ask(1);
        Assert.Single(world.LookFor(IdleMs));

        var other = new World(Options(Type("cpu")));
        other.Run("cpu-1", running: 1);
        other.Run("cpu-2", idleMs: IdleMs);
        other.Ask(0, running: 1);
        other.Look();
        other.Nodes.Clear();
        other.Workers.Clear();
        other.Ask(1);
        Assert.Single(other.Look());
    }

    [Fact]
    public void It_is_too_when_what_is_left_can_do_less_than_then()
    {
        var paused = AfterAnIdleNode();
        paused.Change("cpu-1", static worker => worker with { IsPaused = true });
        Assert.Empty(paused.LookFor(10_000));
        Assert.IsType<LaunchNodes>(Assert.Single(paused.Look()));

        var alone = AfterAnIdleNode();
        alone.Workers.Remove("mine");
        Assert.IsType<LaunchNodes>(Assert.Single(alone.Look()));

        World AfterAnIdleNode()
        {
            var world = new World(Options(Type("cpu", slots: 2)));
            world.Run("cpu-1", running: 1);
            world.Run("cpu-2", idleMs: IdleMs);
            world.Workers["mine"] = new ObservedWorker { Name = "mine", Slots = 1, Assigned = 1, Running = 1 };
            world.Ask(0, running: 3);
            Assert.Equal(Keys("cpu-2"), Drained(world.Look()));
            world.Go("cpu-2");
            world.Ask(2, running: 1);
            Assert.Empty(world.Look());
            return world;
        }
    }

    [Fact]
    public void It_is_not_when_what_was_lost_could_not_do_it()
    {
        var world = new World(Options(Type("gpu", resources: "GPU=1"), Type("cpu")));
        world.Run("cpu-1", running: 1);
        world.Run("gpu-1", running: 1);
        world.Run("gpu-2", idleMs: IdleMs);
        world.Ask(0, "GPU=1", running: 1);
        Assert.Equal(Keys("gpu-2"), Drained(world.Look()));
        world.Go("gpu-2");
        world.Go("cpu-1");
        world.Ask(1, "GPU=1");

        Assert.Empty(world.Look());
    }

    [Fact]
    public void Nor_when_the_idle_nodes_of_several_types_were_let_go_together()
    {
        var world = new World(Options(Type("cpu"), Type("gpu", price: 1, resources: "GPU=1")));
        world.Run("cpu-1", running: 1);
        world.Run("cpu-2", idleMs: IdleMs);
        world.Run("gpu-1", idleMs: IdleMs, bytes: 1);
        world.Ask(0, running: 1);
        Assert.Equal(Keys("cpu-2", "gpu-1"), Drained(world.Look()));
        world.Go("cpu-2");
        world.Go("gpu-1");
        world.Ask(1);

        Assert.Empty(world.Look());
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

    [Fact]
    public void Nodes_of_a_type_that_the_file_does_not_name_go_when_they_are_idle_and_the_head_never()
    {
        var world = new World(Options(Type("cpu")));
        world.Run("old-1", running: 1);
        world.Run("old-2");
        world.Set("old-3", ObservedState.Waiting);
        world.Set("head-1", ObservedState.Running);

        var actions = world.Look();
        Assert.Equal(Keys("old-3"), Terminated(actions));
        Assert.Equal(Keys("old-2"), Drained(actions));
    }
}
