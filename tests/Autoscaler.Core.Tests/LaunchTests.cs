using Weft.Primitives;
using static Weft.Autoscaler.Core.Tests.World;

namespace Weft.Autoscaler.Core.Tests;

public sealed class LaunchTests
{
    private static LaunchNodes Launch(string type, int first, int count, bool isSpot = false) => new(type, first, count, isSpot);

    [Fact]
    public void Short_tasks_become_nodes_by_their_work()
    {
        var world = new World(Type("cpu", slots: 2));
        world.Ask(600, meanMs: 1000);

        // 600 s of work within 60 s: ten slots.
        Assert.Equal([Launch("cpu", 1, 5)], world.Look());
    }

    [Fact]
    public void Tasks_of_unknown_length_get_a_slot_each()
    {
        var world = new World(Type("cpu", slots: 2));
        world.Ask(8);

        Assert.Equal([Launch("cpu", 1, 4)], world.Look());
    }

    [Fact]
    public void Tasks_that_take_longer_than_the_target_get_a_slot_each()
    {
        var world = new World(Type("cpu"));
        world.Ask(3, meanMs: 90_000);

        Assert.Equal([Launch("cpu", 1, 3)], world.Look());
    }

    [Fact]
    public void Short_tasks_of_many_functions_share_a_slot()
    {
        var world = new World(Type("cpu"));
        for (var i = 1; i <= 20; i++)
        {
            world.AskToo(1, meanMs: 100 * i);
        }

        Assert.Equal([Launch("cpu", 1, 1)], world.Look());
    }

    [Fact]
    public void Free_slots_and_nodes_on_their_way_count_first()
    {
        var world = new World(Type("cpu", slots: 4));
        world.Run("cpu-1", running: 1);
        world.Set("cpu-2", ObservedState.Waiting);
        world.Set("cpu-3", ObservedState.Running);
        world.Ask(11);
        Assert.Empty(world.Look());

        world.Ask(12);
        Assert.Equal([Launch("cpu", 4, 1)], world.Look());
    }

    [Fact]
    public void Nodes_that_were_asked_for_are_not_asked_for_again_before_the_answer()
    {
        var world = new World(Type("cpu"));
        world.Ask(3);

        Assert.Equal([Launch("cpu", 1, 3)], world.Look());
        Assert.Empty(world.LookFor(30_000));
    }

    [Fact]
    public void Slots_of_short_tasks_work_off_what_waits_behind_them()
    {
        var world = new World(Type("cpu"));
        world.Run("cpu-1", running: 1);
        world.Run("cpu-2", running: 1);
        world.Ask(100, running: 2, meanMs: 1000);
        Assert.Empty(world.Look());

        world.Ask(200, running: 2, meanMs: 1000);
        Assert.Equal([Launch("cpu", 3, 2)], world.Look());
    }

    [Fact]
    public void A_slot_that_short_tasks_leave_soon_is_there_for_others()
    {
        var world = new World(Type("cpu"));
        world.Run("cpu-1", running: 1);
        world.Run("cpu-2", running: 1);
        world.Ask(0, running: 2, meanMs: 1000);
        world.AskToo(1, meanMs: 100_000);

        Assert.Empty(world.Look());
    }

    [Fact]
    public void A_slot_whose_short_task_does_not_end_is_not()
    {
        var world = new World(Type("cpu"));
        world.Run("cpu-1", running: 1, forMs: 70_000);
        world.Run("cpu-2", running: 1, forMs: 70_000);
        world.Ask(2, running: 2, meanMs: 1000);

        Assert.Equal([Launch("cpu", 3, 1)], world.Look());
    }

    [Fact]
    public void A_parent_that_waits_inside_does_not_make_the_short_task_beside_it_a_long_one()
    {
        var world = new World(Type("cpu"));
        for (var i = 1; i <= 10; i++)
        {
            world.Run($"cpu-{i}", running: 1, inside: 1, forMs: 600_000);
        }

        world.Ask(600, running: 10, meanMs: 1000);

        Assert.Equal([Launch("cpu", 11, 1)], world.Look());
    }

    [Fact]
    public void Long_tasks_that_run_beside_parents_do_not_hide_short_ones_that_do_not_end_elsewhere()
    {
        var world = new World(Type("cpu"));
        for (var i = 1; i <= 10; i++)
        {
            world.Run($"cpu-{i}", running: 1, inside: 1, forMs: 600_000);
            world.Run($"cpu-{10 + i}", running: 1, forMs: 3_600_000);
        }

        world.Ask(500, running: 10, meanMs: 1000);
        world.AskToo(0, running: 10);

        // 510 s of work within 60 s: nine slots, and none of them is there.
        Assert.Equal([Launch("cpu", 21, 9)], world.Look());
    }

    [Fact]
    public void When_it_is_the_short_ones_that_run_beside_parents_no_more_come_than_their_work_needs()
    {
        var world = new World(Type("cpu"));
        for (var i = 1; i <= 10; i++)
        {
            world.Run($"cpu-{i}", running: 1, inside: 1, forMs: 600_000);
            world.Run($"cpu-{10 + i}", running: 1, forMs: 3_600_000);
        }

        world.Ask(500, running: 10, meanMs: 1000);
        world.AskToo(0, running: 10, meanMs: 3_600_000);
        Assert.Equal([Launch("cpu", 21, 9)], world.Look());

        for (var i = 21; i <= 29; i++)
        {
            world.Run($"cpu-{i}", running: 1);
        }

        world.Ask(500, running: 19, meanMs: 1000);
        world.AskToo(0, running: 10, meanMs: 3_600_000);
        Assert.Empty(world.LookFor(60_000));
    }

    [Fact]
    public void The_cheapest_type_that_fits_comes_and_the_first_in_the_file_of_two()
    {
        var world = new World(Type("big", slots: 8, price: 400), Type("gpu", price: 900, resources: "GPU=1"), Type("small", price: 100), Type("same", price: 100));
        world.Ask(1);
        world.AskToo(1, "GPU=1");

        Assert.Equal([Launch("gpu", 1, 1), Launch("small", 1, 1)], world.Look());
    }

    [Fact]
    public void Tasks_share_what_is_left_of_a_node_for_those_that_need_more()
    {
        var world = new World(Type("gpu", slots: 4, price: 900, resources: "GPU=2"), Type("cpu", price: 100));
        world.Ask(3, "GPU=1");
        world.AskToo(6);

        // Two nodes hold three GPU tasks, and five of the others.
        Assert.Equal([Launch("gpu", 1, 2), Launch("cpu", 1, 1)], world.Look());
    }

    [Fact]
    public void Resources_in_use_are_not_there()
    {
        var world = new World(Type("gpu", slots: 4, resources: "GPU=1"));
        world.Run("gpu-1", running: 1, forMs: 1000);
        world.Ask(1, "GPU=1");
        world.Change("gpu-1", static worker => worker with { ResourcesInUse = ResourceAmounts.Parse("GPU=0.5") });

        Assert.Equal([Launch("gpu", 2, 1)], world.Look());
    }

    [Fact]
    public void The_next_type_takes_what_the_cheapest_may_not()
    {
        var world = new World(Type("dear", price: 200), Type("cheap", max: 2, price: 100));
        world.Ask(3);

        Assert.Equal([Launch("dear", 1, 1), Launch("cheap", 1, 2)], world.Look());
        Assert.Equal("it is at its maximum of 2", world.Report.Types[1].Held);
    }

    [Fact]
    public void Never_more_than_the_cluster_may_have()
    {
        var world = new World(new AutoscalerOptions { NodeTypes = [Type("a"), Type("b")], WorkersMax = 3 });
        world.Run("b-1", running: 1);
        world.Ask(9);

        Assert.Equal([Launch("a", 1, 2)], world.Look());
        Assert.Equal("the cluster is at its maximum of 3", world.Report.Types[0].Held);
        Assert.Equal(9, world.Report.Types[0].Wanted);
    }

    [Fact]
    public void Five_may_always_be_on_their_way_and_the_dearer_type_does_not_come_in_their_place()
    {
        var world = new World(Type("cheap", max: 12, price: 100), Type("dear", price: 200));
        world.Ask(20);

        var first = Assert.IsType<LaunchNodes>(Assert.Single(world.Look()));
        Assert.Equal(Launch("cheap", 1, 5), first);
        Assert.Equal("at most 5 are on their way at once while 0 run (upscaling_speed)", world.Report.Types[0].Held);

        world.Take(first);
        Assert.Empty(world.Look());
    }

    [Fact]
    public void The_dearer_type_comes_when_the_cheap_one_has_no_more_though_all_of_it_is_on_its_way()
    {
        var world = new World(Type("cheap", max: 5, price: 100), Type("dear", price: 200));
        world.Ask(7);
        Assert.Equal([Launch("cheap", 1, 5), Launch("dear", 1, 2)], world.Look());

        var queued = new World(Type("cheap", max: 5, price: 100), Type("dear", price: 200));
        for (var i = 1; i <= 5; i++)
        {
            queued.Set($"cheap-{i}", ObservedState.Waiting);
        }

        queued.Ask(6);
        Assert.Equal([Launch("dear", 1, 1)], queued.Look());
    }

    [Theory]
    [InlineData(1000, 8)]
    [InlineData(500, 5)]
    [InlineData(2000, 16)]
    public void As_many_are_on_their_way_as_run_times_the_speed(int speedMilli, int expected)
    {
        var world = new World(new AutoscalerOptions { NodeTypes = [Type("cpu")], WorkersMax = 100, UpscalingSpeedMilli = speedMilli });
        for (var i = 1; i <= 8; i++)
        {
            world.Run($"cpu-{i}", running: 1);
        }

        world.Ask(50);

        Assert.Equal([Launch("cpu", 9, expected)], world.Look());
    }

    [Fact]
    public void A_minimum_of_a_hundred_is_one_request()
    {
        var world = new World(Type("cpu", min: 100));

        Assert.Equal([Launch("cpu", 1, 100)], world.Look());
    }

    [Fact]
    public void Free_slots_of_workers_that_stay_paused_are_no_room()
    {
        var world = new World(Type("cpu", slots: 4));
        world.Workers["mine"] = new ObservedWorker { Name = "mine", Slots = 3, IsPaused = true };
        world.Run("cpu-1", running: 1);
        world.Change("cpu-1", static worker => worker with { IsPaused = true });
        world.Ask(4, running: 1);

        Assert.Empty(world.LookFor(9_000));

        Assert.Equal([Launch("cpu", 2, 1)], world.LookFor(3_000));
    }

    [Fact]
    public void Free_slots_of_workers_that_leave_for_longer_than_a_lifetime_s_end_takes_are_no_room()
    {
        var world = new World(Type("cpu", slots: 4) with { RestartsWorkers = true });
        world.Run("cpu-1", running: 1);
        world.Change("cpu-1", static worker => worker with { IsLeaving = true });
        world.Ask(3, running: 1);
        Assert.Empty(world.LookFor(119_000));

        // It is started again in time.
        world.Change("cpu-1", static worker => worker with { IsLeaving = false });
        Assert.Empty(world.Look());
        world.Change("cpu-1", static worker => worker with { IsLeaving = true });
        Assert.Empty(world.LookFor(119_000));

        Assert.Equal([Launch("cpu", 2, 1)], world.LookFor(3_000));
    }

    [Fact]
    public void So_are_those_of_one_process_of_a_node_that_leaves_while_the_others_stay()
    {
        var world = new World(Type("cpu", slots: 4));
        world.Run("cpu-1", running: 1);
        world.Change("cpu-1", static worker => worker with { Slots = 3, IsLeaving = true });
        world.Workers["cpu-1b"] = new ObservedWorker { Name = "cpu-1b", Node = Key("cpu-1"), Slots = 1 };
        world.Ask(3, running: 1);
        Assert.Empty(world.LookFor(119_000));

        Assert.Equal([Launch("cpu", 2, 1)], world.LookFor(3_000));
    }

    [Fact]
    public void Workers_that_pause_for_a_moment_launch_nothing()
    {
        var world = new World(Type("cpu", slots: 4));
        world.Run("cpu-1");
        world.Ask(4);
        for (var i = 0; i < 10; i++)
        {
            world.Change("cpu-1", static worker => worker with { IsPaused = !worker.IsPaused });
            Assert.Empty(world.LookFor(6_000));
        }
    }

    [Fact]
    public void Numbers_go_on_above_the_highest_that_was_ever_seen()
    {
        var world = new World(Type("cpu"));
        world.Set("cpu-7", ObservedState.Ended);
        world.Ask(1);
        Assert.Equal([Launch("cpu", 8, 1)], world.Look());

        var other = new World(Type("cpu"));
        other.Run("cpu-9");
        other.Nodes.Clear();
        other.Ask(1);
        Assert.Equal([Launch("cpu", 10, 1)], other.Look());
    }

    [Fact]
    public void Numbers_of_refused_nodes_are_not_used_again()
    {
        var world = new World(Type("cpu"));
        world.Ask(1);
        world.Refuse((LaunchNodes)world.Look()[0], LaunchFailureKind.Transient);

        Assert.Equal([Launch("cpu", 2, 1)], world.Look(10_000));
    }

    [Fact]
    public void Nothing_is_launched_before_the_first_whole_list()
    {
        var world = new World(Type("cpu", min: 1)) { IsListed = false };
        Assert.Empty(world.LookFor(10_000));

        world.IsListed = true;
        Assert.Single(world.Look());
    }

    [Fact]
    public void A_list_that_failed_is_not_taken_for_no_nodes()
    {
        var world = new World(Type("cpu", min: 2));
        world.Run("cpu-1");
        world.Run("cpu-2");
        Assert.Empty(world.Look());

        world.IsListed = false;
        Assert.Empty(world.LookFor(300_000));
    }

    [Fact]
    public void Nothing_is_launched_or_drained_while_the_scheduler_is_not_heard()
    {
        var world = new World(Type("cpu", min: 1));
        world.Run("cpu-1");
        world.Run("cpu-2", idleMs: 900_000);
        world.IsHeard = false;
        Assert.Empty(world.LookFor(900_000));
        Assert.Contains("the scheduler does not answer", Assert.Single(world.Report.Lines), StringComparison.Ordinal);

        // And when it is, its workers have time to come back.
        world.IsHeard = true;
        world.Workers.Clear();
        Assert.Empty(world.Look());
    }

    [Fact]
    public void Tasks_for_named_workers_launch_nothing()
    {
        var world = new World(Type("cpu"));
        world.Ask(10, isRestricted: true);
        world.AskToo(10, meanMs: 1000, isRestricted: true);

        Assert.Empty(world.Look());
    }

    [Fact]
    public void Workers_that_somebody_started_by_hand_count_and_are_let_alone()
    {
        var world = new World(Type("cpu"));
        world.Workers["mine"] = new ObservedWorker { Name = "mine", Slots = 3, IdleMs = 900_000, Resources = ResourceAmounts.Parse("GPU=1") };
        world.Ask(2);
        world.AskToo(1, "GPU=1");

        Assert.Empty(world.Look());
    }

    [Fact]
    public void Tasks_that_no_type_can_run_are_told_of()
    {
        var world = new World(Type("gpu", resources: "GPU=1"));
        world.Ask(4, "GPU=2");

        Assert.Empty(world.Look());
        Assert.Equal("4 waiting tasks ask for GPU=2: no process of any node type offers that", Assert.Single(world.Report.Lines));
    }

    [Fact]
    public void Tasks_that_fit_a_node_and_none_of_its_processes_are_told_of_and_keep_no_node()
    {
        var world = new World(Type("gpu", slots: 4, resources: "GPU=2") with { ProcessResources = ResourceAmounts.Parse("GPU=1") });
        world.Ask(1, "GPU=2");
        Assert.Empty(world.Look());
        Assert.Equal("1 waiting tasks ask for GPU=2: no process of any node type offers that", Assert.Single(world.Report.Lines));

        world.Run("gpu-1", idleMs: 300_000);
        Assert.IsType<DrainNodes>(Assert.Single(world.Look()));
        Assert.Single(world.Report.Lines);
        world.Go("gpu-1");
        world.Ask(2, "GPU=1");
        Assert.Equal([Launch("gpu", 2, 1)], world.Look());
    }

    [Fact]
    public void A_node_whose_processes_do_not_all_come_counts_as_what_it_is()
    {
        var world = new World(Type("cpu", slots: 4));
        world.Run("cpu-1");
        world.Change("cpu-1", static worker => worker with { Slots = 1 });
        world.Ask(4);
        Assert.Empty(world.Look());

        Assert.Equal([Launch("cpu", 2, 1)], world.LookFor(601_000));
    }

    [Fact]
    public void Numbers_go_on_above_those_that_were_given_out_before_though_nothing_lists_them()
    {
        var first = new World(Type("cpu", min: 2));
        var launch = Assert.IsType<LaunchNodes>(Assert.Single(first.Look()));
        var second = new World(Type("cpu", min: 2));
        second.Apply(new NumbersGivenOut([new NodeKey(launch.Type, launch.First + launch.Count - 1), Key("gone-7")]));

        Assert.Equal([new LaunchNodes("cpu", 3, 2, IsSpot: false)], second.Look());
    }
}
