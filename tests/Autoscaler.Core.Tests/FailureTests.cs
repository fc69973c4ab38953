using static Weft.Autoscaler.Core.Tests.World;

namespace Weft.Autoscaler.Core.Tests;

public sealed class FailureTests
{
    private static AutoscalerOptions Options(params NodeTypeOptions[] types) =>
        new() { NodeTypes = types, WorkersMax = 100, BackOffFirstMs = 10_000, BackOffMaxMs = 60_000, BootTimeoutMs = 100_000 };

    [Fact]
    public void Rests_grow_up_to_a_bound()
    {
        var world = new World(Options(Type("cpu")));
        world.Ask(2);
        foreach (var restMs in new long[] { 10_000, 20_000, 40_000, 60_000, 60_000 })
        {
            world.Refuse(Assert.IsType<LaunchNodes>(Assert.Single(world.Look())), LaunchFailureKind.Capacity, "none left");
            Assert.Empty(world.LookFor(restMs - 1000));
            Assert.Equal("tried again in 1 s: none left", world.Report.Types[0].Held);
        }
    }

    [Fact]
    public void Nodes_of_one_batch_that_fail_are_one_failure()
    {
        var world = new World(Options(Type("cpu")));
        world.Ask(5);
        var launch = (LaunchNodes)world.Look()[0];
        for (var i = 0; i < 5; i++)
        {
            world.Apply(new LaunchAnswered("cpu", launch.First + i, 1, new LaunchFailure(LaunchFailureKind.Capacity, "none left")));
        }

        Assert.Single(world.LookFor(10_000));
    }

    [Fact]
    public void What_fails_for_good_is_tried_after_the_longest_rest_or_when_the_file_changes()
    {
        var world = new World(Options(Type("cpu")));
        world.Ask(1);
        world.Refuse((LaunchNodes)world.Look()[0], LaunchFailureKind.Permanent, "no such queue");
        Assert.Empty(world.LookFor(59_000));
        Assert.Equal("tried again in 1 s: no such queue", world.Report.Types[0].Held);
        world.Refuse((LaunchNodes)world.Look()[0], LaunchFailureKind.Permanent, "no such queue");
        Assert.Empty(world.LookFor(20_000));

        world.Change(world.Options with { WorkersMax = 50 });
        Assert.Single(world.Look());
    }

    [Fact]
    public void A_node_with_a_worker_ends_the_failures()
    {
        var world = new World(Options(Type("cpu")));
        world.Ask(1);
        world.Refuse((LaunchNodes)world.Look()[0], LaunchFailureKind.Capacity);
        world.Refuse((LaunchNodes)world.LookFor(10_000)[^1], LaunchFailureKind.Capacity);
        world.Take((LaunchNodes)world.LookFor(20_000)[^1]);
        world.Run("cpu-3", running: 1);
        world.Ask(2, running: 1);
        world.Refuse((LaunchNodes)world.Look()[0], LaunchFailureKind.Capacity);

        Assert.Single(world.LookFor(10_000));
    }

    [Fact]
    public void A_node_that_was_asked_for_before_the_failure_does_not()
    {
        var world = new World(Options(Type("cpu")));
        world.Ask(2);
        var launch = (LaunchNodes)world.Look()[0];
        world.Apply(new LaunchAnswered("cpu", 1, 1, null));
        world.Apply(new LaunchAnswered("cpu", 2, 1, new LaunchFailure(LaunchFailureKind.Capacity, "one is all there is")));
        world.Run("cpu-1", running: 1);
        world.Ask(1, running: 1);

        Assert.Equal(2, launch.Count);
        Assert.Empty(world.LookFor(9_000));
    }

    [Fact]
    public void The_next_type_comes_while_there_are_none_of_the_cheapest()
    {
        var world = new World(Options(Type("cheap", price: 1), Type("dear", price: 2)));
        world.Ask(1);
        world.Refuse((LaunchNodes)world.Look()[0], LaunchFailureKind.Capacity);

        Assert.Equal([new LaunchNodes("dear", 1, 1, false)], world.Look());
    }

    [Fact]
    public void A_hiccup_is_waited_for_and_three_of_them_are_none()
    {
        var world = new World(Options(Type("cheap", price: 1), Type("dear", price: 2)));
        world.Ask(1);
        world.Refuse((LaunchNodes)world.Look()[0], LaunchFailureKind.Transient);
        world.Refuse(Assert.IsType<LaunchNodes>(Assert.Single(world.LookFor(10_000))), LaunchFailureKind.Transient);
        world.Refuse(Assert.IsType<LaunchNodes>(Assert.Single(world.LookFor(20_000))), LaunchFailureKind.Transient);

        Assert.Equal([new LaunchNodes("dear", 1, 1, false)], world.Look());
    }

    [Fact]
    public void A_hiccup_is_waited_for_by_a_size_of_the_cluster_too_and_three_of_them_are_none()
    {
        var world = new World(Options(Type("dear", price: 2), Type("cheap", price: 1))) { Wanted = new WantedSize { Cluster = SizeTarget.Exactly(5) } };
        world.Refuse(Assert.IsType<LaunchNodes>(Assert.Single(world.Look())), LaunchFailureKind.Transient);
        Assert.Empty(world.LookFor(9_000));
        Assert.Equal([0, 5], world.Report.Types.Select(static type => type.Wanted));
        world.Refuse(Assert.IsType<LaunchNodes>(Assert.Single(world.Look())), LaunchFailureKind.Transient);
        world.Refuse(Assert.IsType<LaunchNodes>(Assert.Single(world.LookFor(20_000))), LaunchFailureKind.Transient);

        Assert.Equal([new LaunchNodes("dear", 1, 5, false)], world.Look());
    }

    [Fact]
    public void No_more_than_the_type_may_have_are_waited_for()
    {
        var world = new World(Options(Type("cheap", max: 3, price: 1), Type("dear", price: 2)));
        world.Ask(1);
        world.Refuse((LaunchNodes)world.Look()[0], LaunchFailureKind.Transient);
        world.Ask(3);
        world.Wanted = new WantedSize { Cluster = SizeTarget.Exactly(5) };

        Assert.Equal([new LaunchNodes("dear", 1, 2, false)], world.Look());
    }

    [Fact]
    public void Tasks_wait_for_the_minimum_when_it_is_worth_waiting_for()
    {
        var world = new World(Options(Type("cheap", min: 3, max: 3, price: 1), Type("dear", price: 2)));
        world.Refuse((LaunchNodes)world.Look()[0], LaunchFailureKind.Transient);
        world.Ask(3);
        Assert.Empty(world.Look());

        world.Ask(4);
        Assert.Equal([new LaunchNodes("dear", 1, 1, false)], world.Look());
    }

    [Fact]
    public void A_hiccup_of_a_type_that_is_at_its_maximum_holds_nobody()
    {
        var world = new World(Options(Type("cheap", max: 1, price: 1), Type("dear", price: 2)));
        world.Ask(1);
        world.Refuse((LaunchNodes)world.Look()[0], LaunchFailureKind.Transient);
        world.Run("cheap-2", running: 1);
        world.Demand.Clear();
        world.Wanted = new WantedSize { Cluster = SizeTarget.Exactly(3) };

        Assert.Equal([new LaunchNodes("dear", 1, 2, false)], world.Look());
    }

    [Fact]
    public void A_type_s_own_minimum_waits_for_a_hiccup_and_the_rest_of_a_size_does_not_take_its_place()
    {
        var world = new World(Options(Type("dear", min: 2, price: 2), Type("cheap", price: 1))) { Wanted = new WantedSize { Cluster = SizeTarget.Exactly(5) } };
        var actions = world.Look();
        Assert.Equal([new LaunchNodes("dear", 1, 2, false), new LaunchNodes("cheap", 1, 3, false)], actions);
        world.Take((LaunchNodes)actions[1]);
        world.Refuse((LaunchNodes)actions[0], LaunchFailureKind.Transient);
        Assert.Empty(world.LookFor(9_000));
        Assert.Equal([2, 3], world.Report.Types.Select(static type => type.Wanted));

        Assert.Equal([new LaunchNodes("dear", 3, 2, false)], world.Look());
    }

    [Fact]
    public void A_spot_node_that_fails_rests_the_spot_market_though_the_system_does_not_tell_that_it_is_one()
    {
        var world = new World(Options(Type("cpu") with { IsSpot = true }));
        world.Ask(1);
        var launch = (LaunchNodes)world.Look()[0];
        world.Take(launch);
        world.Set("cpu-1", ObservedState.Running, isSpot: false);
        Assert.Empty(world.Look());
        world.Set("cpu-1", ObservedState.Failed, isSpot: false, "exit code 1");

        Assert.True(launch.IsSpot);
        Assert.Empty(world.LookFor(9_000));
        Assert.Equal("spot: tried again in 2 s: cpu-1 ended before it had a worker: exit code 1", world.Report.Types[0].Held);
    }

    [Fact]
    public void A_spot_node_costs_the_spot_price_though_the_system_does_not_tell_that_it_is_one()
    {
        var world = new World(Options(Type("cpu", price: 3) with { IsSpot = true, SpotPriceMicros = 1 }) with { HourlyCostMaxMicros = 2 });
        world.Ask(1);
        world.Take((LaunchNodes)world.Look()[0]);
        world.Run("cpu-1", running: 1, isSpot: false);
        world.Ask(1, running: 1);

        Assert.Equal([new LaunchNodes("cpu", 2, 1, IsSpot: true)], world.Look());
    }

    [Fact]
    public void Spot_falls_back_while_there_is_none_and_then_comes_back()
    {
        var world = new World(Options(Type("cpu", price: 3) with { IsSpot = true, SpotPriceMicros = 1, FallsBackToOnDemand = true }));
        world.Ask(1);
        var spot = (LaunchNodes)world.Look()[0];
        Assert.True(spot.IsSpot);
        world.Refuse(spot, LaunchFailureKind.Capacity, "none left");

        var ordinary = (LaunchNodes)world.Look()[0];
        Assert.Equal(new LaunchNodes("cpu", 2, 1, IsSpot: false), ordinary);
        Assert.StartsWith("spot: tried again in", world.Report.Types[0].Held, StringComparison.Ordinal);
        world.Take(ordinary);
        world.Ask(2);
        Assert.Equal(new LaunchNodes("cpu", 3, 1, IsSpot: true), Assert.Single(world.Look(10_000)));
    }

    [Fact]
    public void Spot_without_fallback_waits()
    {
        var world = new World(Options(Type("cpu") with { IsSpot = true }));
        world.Ask(1);
        world.Refuse((LaunchNodes)world.Look()[0], LaunchFailureKind.Capacity);

        Assert.Empty(world.LookFor(9_000));
    }

    [Fact]
    public void A_node_that_waits_in_a_queue_is_no_failure_however_long()
    {
        var world = new World(Options(Type("cpu")));
        world.Ask(1);
        world.Take((LaunchNodes)world.Look()[0]);

        for (var days = 0; days < 9; days++)
        {
            Assert.Empty(world.Look(86_400_000));
        }
    }

    [Fact]
    public void A_node_that_runs_without_a_worker_is_ended_and_replaced_after_a_rest()
    {
        var world = new World(Options(Type("cpu", min: 1)));
        world.Set("cpu-1", ObservedState.Running);
        Assert.Empty(world.LookFor(100_000));

        var ended = Assert.IsType<TerminateNodes>(Assert.Single(world.Look()));
        Assert.Equal([Key("cpu-1")], ended.Nodes);
        Assert.Equal("it has run for 100 s without a worker", ended.Reason);
        Assert.Equal("tried again in 10 s: cpu-1: it has run for 100 s without a worker", world.Report.Types[0].Held);
        world.Go("cpu-1");
        Assert.Equal([new LaunchNodes("cpu", 2, 1, false)], world.LookFor(10_000));
    }

    [Fact]
    public void Workers_that_could_not_reach_the_scheduler_have_their_time_when_it_is_back()
    {
        var world = new World(Options(Type("cpu", min: 1)));
        world.Set("cpu-1", ObservedState.Running);
        Assert.Empty(world.LookFor(90_000));
        world.IsHeard = false;
        Assert.Empty(world.LookFor(90_000));
        world.IsHeard = true;
        Assert.Empty(world.LookFor(100_000));

        Assert.Single(world.Look());
    }

    [Fact]
    public void A_node_that_ends_before_it_has_a_worker_is_a_failure_with_its_own_words()
    {
        var world = new World(Options(Type("cpu", min: 1)));
        world.Take((LaunchNodes)world.Look()[0], ObservedState.Running);
        world.Look();
        world.Set("cpu-1", ObservedState.Failed, detail: "exit code 127");

        Assert.Empty(world.Look());
        Assert.Equal("tried again in 10 s: cpu-1 ended before it had a worker: exit code 127", world.Report.Types[0].Held);
        Assert.Equal([new LaunchNodes("cpu", 2, 1, false)], world.LookFor(10_000));
    }

    [Fact]
    public void A_node_that_fails_at_its_start_and_takes_a_while_to_end_is_one_failure_from_then_on()
    {
        var world = new World(Options(Type("cpu", min: 1)));
        for (var i = 1; i <= 2; i++)
        {
            world.Take(Assert.IsType<LaunchNodes>(Assert.Single(world.LookFor(i * 10_000))));
            world.Set($"cpu-{i}", ObservedState.Ending, detail: "COMPLETING");
            Assert.Empty(world.Look());
            Assert.Equal($"tried again in {i}0 s: cpu-{i} ended before it had a worker: COMPLETING", world.Report.Types[0].Held);

            world.Set($"cpu-{i}", ObservedState.Failed, detail: "exit code 1");
            Assert.Empty(world.Look());
            Assert.Equal($"tried again in {(i * 10) - 1} s: cpu-{i} ended before it had a worker: exit code 1", world.Report.Types[0].Held);
        }
    }

    [Fact]
    public void A_node_that_fails_at_its_start_and_ends_for_longer_than_the_rest_is_not_counted_twice()
    {
        var world = new World(Options(Type("cpu", min: 1)));
        world.Take((LaunchNodes)world.Look()[0]);
        world.Set("cpu-1", ObservedState.Ending);
        Assert.Single(world.LookFor(11_000));
        world.Set("cpu-1", ObservedState.Failed);
        world.Ask(2);

        Assert.Single(world.Look());
    }

    [Fact]
    public void A_node_that_was_found_while_it_ended_is_no_failure()
    {
        var world = new World(Options(Type("cpu", min: 1)));
        world.Set("cpu-1", ObservedState.Ending);
        Assert.Single(world.Look());
        world.Set("cpu-1", ObservedState.Failed);
        world.Ask(2);

        Assert.Single(world.Look());
    }

    [Fact]
    public void A_node_that_was_told_to_end_before_it_had_a_worker_is_no_failure()
    {
        var world = new World(Options(Type("cpu")));
        world.Ask(1);
        world.Take((LaunchNodes)world.Look()[0]);
        world.Demand.Clear();
        Assert.IsType<TerminateNodes>(Assert.Single(world.LookFor(16_000)));
        world.Set("cpu-1", ObservedState.Ending);
        world.Look();
        world.Set("cpu-1", ObservedState.Failed);
        world.Ask(1);

        Assert.Single(world.Look());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_node_that_had_a_worker_and_dies_is_replaced_at_once(bool isListed)
    {
        var world = new World(Options(Type("cpu", min: 1)));
        world.Run("cpu-1", running: 1);
        world.Look();
        world.Go("cpu-1");
        if (isListed)
        {
            world.Set("cpu-1", ObservedState.Ended);
        }

        Assert.Equal([new LaunchNodes("cpu", 2, 1, false)], world.Look());
    }

    [Fact]
    public void A_node_that_its_queue_puts_back_is_there_again()
    {
        var world = new World(Options(Type("cpu", min: 1, max: 1)));
        world.Run("cpu-1", running: 1);
        world.Look();
        world.Workers.Clear();
        world.Set("cpu-1", ObservedState.Ended);
        world.Refuse(Assert.IsType<LaunchNodes>(Assert.Single(world.Look())), LaunchFailureKind.Capacity);
        world.Set("cpu-1", ObservedState.Waiting);

        Assert.Empty(world.LookFor(20_000));
    }

    [Fact]
    public void A_node_whose_workers_leave_by_themselves_is_replaced_before_it_is_gone()
    {
        var world = new World(Options(Type("cpu", min: 1)));
        world.Run("cpu-1", running: 1);
        world.Look();
        world.Change("cpu-1", static worker => worker with { IsLeaving = true });

        Assert.Equal([new LaunchNodes("cpu", 2, 1, false)], world.Look());
        world.Workers.Clear();
        Assert.Equal([Key("cpu-1")], Assert.IsType<TerminateNodes>(Assert.Single(world.LookFor(31_000))).Nodes);
    }

    [Fact]
    public void A_node_whose_processes_are_started_again_when_their_lifetime_is_over_stays()
    {
        var world = new World(Options(Type("cpu", min: 1) with { RestartsWorkers = true }));
        world.Run("cpu-1", running: 1);
        world.Look();
        world.Change("cpu-1", static worker => worker with { IsLeaving = true });
        Assert.Empty(world.LookFor(110_000));
        world.Workers.Clear();
        Assert.Empty(world.LookFor(60_000));
        world.Run("cpu-1", running: 1);

        Assert.Empty(world.LookFor(60_000));
        Assert.Equal((1, 0), (world.Report.Types[0].Running, world.Report.Types[0].Leaving));
    }

    [Fact]
    public void A_node_that_was_accepted_and_is_never_listed_counts_for_a_minute()
    {
        var world = new World(Options(Type("cpu", min: 1)));
        var launch = (LaunchNodes)world.Look()[0];
        world.Apply(new LaunchAnswered("cpu", launch.First, 1, null));
        Assert.Empty(world.LookFor(69_000));

        Assert.Single(world.Look());
    }

    [Fact]
    public void A_node_that_the_list_shows_is_there_whatever_the_answer_says()
    {
        var world = new World(Options(Type("cpu", min: 1)));
        var launch = (LaunchNodes)world.Look()[0];
        world.Set("cpu-1", ObservedState.Waiting);
        world.Look();
        world.Refuse(launch, LaunchFailureKind.Transient, "timed out");
        Assert.Empty(world.LookFor(5_000));

        // It is no failure either.
        world.Ask(2);
        Assert.Equal([new LaunchNodes("cpu", 2, 1, false)], world.Look());
    }

    [Fact]
    public void A_suspended_node_is_not_given_up_and_has_the_whole_boot_timeout_when_it_goes_on()
    {
        var world = new World(Options(Type("cpu", min: 1)));
        world.Take((LaunchNodes)world.Look()[0]);
        world.Run("cpu-1");
        world.Look();
        world.Workers.Clear();
        Assert.Empty(world.LookFor(50_000));
        world.Set("cpu-1", ObservedState.Waiting, detail: "suspended");
        Assert.Empty(world.LookFor(500_000));
        world.Set("cpu-1", ObservedState.Running);
        Assert.Empty(world.LookFor(100_000));

        Assert.Equal([Key("cpu-1")], Assert.IsType<TerminateNodes>(world.Look()[0]).Nodes);
    }

    [Fact]
    public void A_node_that_is_suspended_before_it_had_a_worker_is_no_failure()
    {
        var world = new World(Options(Type("cpu", min: 1)));
        world.Take((LaunchNodes)world.Look()[0], ObservedState.Running);
        Assert.Empty(world.LookFor(99_000));
        world.Set("cpu-1", ObservedState.Waiting, detail: "suspended");

        Assert.Empty(world.LookFor(500_000));
    }
}
