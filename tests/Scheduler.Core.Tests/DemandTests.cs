using Weft.Primitives;
using static Weft.Scheduler.Core.Tests.SchedulerHarness;

namespace Weft.Scheduler.Core.Tests;

/// <summary>What the core says that a larger cluster could do at once, and how busy workers are.</summary>
public sealed class DemandTests
{
    private const long TaskNs = 2_000_000;

    private readonly SchedulerHarness _harness = new();

    [Fact]
    public void Without_tasks_there_is_none()
    {
        _harness.Join(1);

        Assert.Empty(_harness.Core.Demand());
    }

    [Fact]
    public void Tasks_that_nobody_has_been_given_are_told_with_the_work_that_they_are_expected_to_be()
    {
        _harness.Learn(durationNs: TaskNs);
        _harness.Submit(_harness.New(5), _harness.New(3, function: 2));

        Assert.Equal([Row(tasks: 3), Row(tasks: 5, meanNs: TaskNs)], _harness.Core.Demand());
    }

    [Theory]
    [InlineData(1, 5)]
    [InlineData(4, 2)]
    [InlineData(6, 0)]
    [InlineData(9, 0)]
    public void The_first_of_a_worker_s_queue_hold_its_slots_known_to_run_or_not_and_the_others_could_begin_elsewhere(int slots, int waiting)
    {
        _harness.Learn(durationNs: TaskNs);
        _harness.Join(1, slots);
        var assigned = Assert.Single(Assignments(_harness.Submit(_harness.New(6))));

        Assert.Equal([Row(waiting, TaskNs, running: 6 - waiting)], _harness.Core.Demand());
        Assert.Equal((6 - waiting, 0), Busy());
        Begin(assigned, 5);
        Assert.Equal([Row(waiting, TaskNs, running: 6 - waiting)], _harness.Core.Demand());
        Assert.Equal((6 - waiting, 1), Busy());
    }

    [Fact]
    public void What_runs_keeps_the_slots_from_what_was_given_before_it()
    {
        var assigned = Queue(6, slots: 2);
        Begin(assigned, 3);
        Begin(assigned, 5);

        Assert.Equal([Row(tasks: 4, meanNs: TaskNs, running: 2)], _harness.Core.Demand());
        Assert.Equal((2, 2), Busy());
        _harness.Complete(1, assigned with { Run = assigned.Run.Slice(3, 1) }, durationNs: TaskNs);
        Assert.Equal([Row(tasks: 3, meanNs: TaskNs, running: 2)], _harness.Core.Demand());
        Assert.Equal((2, 1), Busy());
    }

    [Fact]
    public void Whoever_has_a_resource_needs_no_other_slot_though_it_has_none_yet()
    {
        var options = new TaskOptions { Resources = ResourceAmounts.Parse("GPU=1") };
        _harness.Join(1, slots: 1, resources: ResourceAmounts.Parse("GPU=2"));
        _harness.Submit(_harness.New(3, 1, options));

        Assert.Equal([new Demand(options.Resources, false, 1, 2, 0)], _harness.Core.Demand());
        Assert.Equal((1, 0), Busy());
        Assert.Equal(options.Resources.Milli.Single().Value * 2, _harness.Core.LoadOf(new WorkerId(1)).ResourcesInUse!.Milli.Single().Value);
    }

    [Fact]
    public void Whoever_has_a_resource_that_there_is_plenty_of_waits_for_a_slot_all_the_same()
    {
        var options = new TaskOptions { Resources = ResourceAmounts.Parse("licence=1") };
        _harness.Join(1, slots: 4, resources: ResourceAmounts.Parse("licence=100"));
        _harness.Submit(_harness.New(100, 1, options));

        Assert.Equal([new Demand(options.Resources, false, 92, 8, 0)], _harness.Core.Demand());
        Assert.Equal((4, 0), Busy());

        // And a larger cluster does help.
        Assert.Contains(_harness.Join(2, slots: 4, resources: ResourceAmounts.Parse("licence=100")), static action => action.Kind == ActionKind.Retract);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_worker_that_is_paused_or_leaves_begins_nothing_so_that_only_what_runs_holds_a_slot(bool isPaused)
    {
        var assigned = Queue(6, slots: 3);
        Begin(assigned, 0);
        SchedulerEvent ending = isPaused ? _harness.Spoke(1) with { Pauses = 1 } : new DrainAsked([new WorkerId(1)], "drained");
        _harness.Apply(ending);

        Assert.Equal([Row(tasks: 5, meanNs: TaskNs, running: 1)], _harness.Core.Demand());
        Assert.Equal((1, 1), Busy());
    }

    [Fact]
    public void Tasks_that_only_run_are_told_too()
    {
        _harness.Start(Queue(1));

        Assert.Equal([Row(tasks: 0, meanNs: TaskNs, running: 1)], _harness.Core.Demand());
    }

    [Fact]
    public void A_task_that_waits_inside_holds_no_slot_and_is_none()
    {
        var assigned = Queue(1);
        _harness.Start(assigned);
        _harness.Apply(_harness.Spoke(1) with { WaitingInside = [new AttemptRun(assigned.Run, assigned.Attempt)] });

        Assert.Empty(_harness.Core.Demand());
        var load = _harness.Core.LoadOf(new WorkerId(1));
        Assert.Equal((1, 1, 1, 0), (load.Assigned, load.Running, load.WaitingInside, load.Holding));

        // Its slot is the next one's.
        _harness.Submit(_harness.New(3));
        Assert.Equal([Row(tasks: 2, meanNs: TaskNs, running: 1)], _harness.Core.Demand());
        Assert.Equal((1, 1), Busy());
    }

    [Fact]
    public void Cancelled_tasks_that_a_lane_still_has_are_none()
    {
        var tasks = _harness.New(10);
        _harness.Submit(tasks);
        _harness.Cancel(tasks.Run.Slice(3, 4));

        Assert.Equal([Row(tasks: 6)], _harness.Core.Demand());
        _harness.Cancel(tasks.Run);
        Assert.Empty(_harness.Core.Demand());
    }

    [Fact]
    public void Tasks_that_are_forgotten_from_the_front_of_a_run_are_none()
    {
        var tasks = _harness.New(10);
        _harness.Submit(tasks);
        _harness.Cancel(tasks.Run.Slice(0, 4));
        _harness.Release(tasks.Run.Slice(0, 4));

        Assert.Equal([Row(tasks: 6)], _harness.Core.Demand());
    }

    [Fact]
    public void What_was_handed_ahead_waits_for_its_inputs_and_is_none()
    {
        _harness.Learn(durationNs: TaskNs);
        _harness.Join(1);
        var first = _harness.New();
        var next = _harness.New(1, 1, null, On(first.First));
        Assert.Contains(Assignments(_harness.Submit(first, next)), action => action.Run == next.Run);

        Assert.Equal([Row(tasks: 0, meanNs: TaskNs, running: 1)], _harness.Core.Demand());
        Assert.Equal((1, 0), Busy());
    }

    [Fact]
    public void What_has_unmet_inputs_is_none()
    {
        var first = _harness.New();
        _harness.Submit(first, _harness.New(7, 1, null, new InputRule(first.First, 1, 0, 0)));

        Assert.Equal([Row(tasks: 1)], _harness.Core.Demand());
    }

    [Fact]
    public void Shapes_are_told_apart_in_the_order_in_which_they_were_met()
    {
        var gpu = ResourceAmounts.Parse("GPU=1");
        _harness.Submit(_harness.New(2, 1, new TaskOptions { Resources = gpu }), _harness.New(3), _harness.New(4, 1, new TaskOptions { AllowedWorkers = ["worker-9"] }), _harness.New(5, 1, new TaskOptions { Resources = gpu }));

        Assert.Equal(
            [new Demand(gpu, false, 7, 0, 0), Row(tasks: 3), new Demand(ResourceAmounts.None, true, 4, 0, 0)],
            _harness.Core.Demand());
    }

    [Fact]
    public void Functions_of_a_shape_that_are_not_about_as_long_are_told_apart_whether_their_tasks_run_or_wait()
    {
        _harness.Learn(function: 1, durationNs: TaskNs);
        _harness.Learn(function: 2, durationNs: 1000 * TaskNs);
        _harness.Join(1);
        _harness.Start(Assert.Single(Assignments(_harness.Submit(_harness.New(1, function: 2)))));
        _harness.Submit(_harness.New(4, function: 2), _harness.New(3, function: 1), _harness.New(2, function: 3));

        Assert.Equal([Row(tasks: 2), Row(tasks: 3, meanNs: TaskNs), Row(tasks: 4, meanNs: 1000 * TaskNs, running: 1)], _harness.Core.Demand());
    }

    [Fact]
    public void Functions_less_than_twice_as_long_as_each_other_share_a_row_of_their_mean()
    {
        _harness.Learn(function: 1, durationNs: 1023);
        _harness.Learn(function: 2, durationNs: 1024);
        _harness.Learn(function: 3, durationNs: 2044);
        _harness.Submit(_harness.New(1, function: 1), _harness.New(3, function: 2), _harness.New(1, function: 3));

        Assert.Equal([Row(tasks: 1, meanNs: 1023), Row(tasks: 4, meanNs: 1279)], _harness.Core.Demand());
    }

    [Fact]
    public void Tasks_too_short_to_be_measured_are_not_of_unknown_length()
    {
        _harness.Join(1);
        var assigned = Assert.Single(Assignments(_harness.Submit(_harness.New(2))));
        _harness.Apply(_harness.Spoke(1) with { Completed = [Result(assigned.Run, assigned.Attempt) with { DurationNs = 1 }] });
        _harness.Lose(1);
        _harness.Submit(_harness.New(5));

        Assert.Equal([Row(tasks: 5, meanNs: 1)], _harness.Core.Demand());
    }

    [Fact]
    public void However_many_functions_there_are_a_shape_has_a_few_dozens_of_rows()
    {
        for (var function = 1; function <= 300; function++)
        {
            _harness.Learn(function, durationNs: 1L << (function % 62));
        }

        _harness.Submit([.. Enumerable.Range(1, 301).Select(function => _harness.New(1, function))]);

        var demand = _harness.Core.Demand();

        Assert.InRange(demand.Count, 60, 64);
        Assert.Equal(301, demand.Sum(static row => row.Tasks));
    }

    [Fact]
    public void Neighbours_that_became_one_run_count_by_their_own_functions()
    {
        _harness.Learn(function: 1, durationNs: TaskNs);
        _harness.Learn(function: 2, durationNs: 1000 * TaskNs);
        var input = _harness.New(1, function: 3);
        _harness.Submit(input);
        _harness.Submit(_harness.New(3, 1, null, new InputRule(input.First, 1, 0, 0)), _harness.New(2, 2, null, new InputRule(input.First, 1, 0, 0)));
        _harness.Complete(1, Assigned(_harness.Join(1), input.Run));
        _harness.Lose(1);

        Assert.Equal([Row(tasks: 3, meanNs: TaskNs), Row(tasks: 2, meanNs: 1000 * TaskNs)], _harness.Core.Demand());
    }

    [Fact]
    public void The_work_of_very_many_and_very_long_tasks_is_not_too_much()
    {
        _harness.Learn(durationNs: 1L << 50);
        _harness.Submit(_harness.New(100_000), _harness.New(100_000));

        Assert.Equal([Row(tasks: 200_000, meanNs: 1L << 50)], _harness.Core.Demand());
    }

    [Fact]
    public void Of_more_tasks_than_are_looked_at_the_lanes_are_taken_to_be_ready()
    {
        Queue(6);
        var tasks = _harness.New(100_010, 1, new TaskOptions { Priority = -1, AllowedWorkers = ["worker-9"] });
        _harness.Submit(tasks);
        _harness.Cancel(tasks.Run.Slice(10, 5));
        _harness.Cancel(tasks.Run.Slice(100_005, 5));

        // What is beyond the bound is not looked at: so the cancelled ones there still count. What workers hold is told all the same.
        Assert.Equal([Row(tasks: 5, meanNs: TaskNs, running: 1), new Demand(ResourceAmounts.None, true, 100_005, 0, TaskNs)], _harness.Core.Demand());
    }

    [Fact]
    public void Of_long_queues_the_ends_are_left_out()
    {
        _harness.Learn(durationNs: 1);
        _harness.Join(1, slots: 10);
        _harness.Join(2, slots: 10);
        _harness.Submit(_harness.New(300_000));
        Assert.Equal(150_000, _harness.Core.LoadOf(new WorkerId(1)).Assigned);

        Assert.Equal([Row(tasks: 100_000 - 20, meanNs: 1, running: 20)], _harness.Core.Demand());
        Assert.Equal((10, 0), Busy());
    }

    [Fact]
    public void What_holds_slots_is_told_of_however_many_workers_there_are()
    {
        for (var worker = 1; worker <= 11; worker++)
        {
            _harness.Join(worker, slots: 10_000);
        }

        _harness.Submit(_harness.New(120_000));

        // Each was given one more than it has slots for, beyond what is looked at.
        Assert.Equal([Row(tasks: 10_000 - 11, running: 110_000)], _harness.Core.Demand());
        Assert.Equal((10_000, 0), Busy());
    }

    [Fact]
    public void A_worker_has_nothing_to_do_since_it_came_or_since_its_last_task_ended()
    {
        _harness.NowMs = 10;
        _harness.Join(1);
        Assert.Equal(10, IdleSinceMs());

        _harness.NowMs = 20;
        var assigned = Assert.Single(Assignments(_harness.Submit(_harness.New())));
        Assert.Null(IdleSinceMs());
        _harness.NowMs = 30;
        _harness.Start(assigned);
        Assert.Null(IdleSinceMs());
        _harness.NowMs = 40;
        _harness.Complete(1, assigned);
        _harness.NowMs = 50;
        _harness.Apply(_harness.Spoke(1));
        Assert.Equal(40, IdleSinceMs());
    }

    [Fact]
    public void What_the_tasks_of_a_worker_claim_is_in_use_until_they_end()
    {
        _harness.Join(1, slots: 4, resources: ResourceAmounts.Parse("GPU=2,disk=1"));
        Assert.Equal(ResourceAmounts.None, InUse());

        var assigned = Assert.Single(Assignments(_harness.Submit(_harness.New(1, 1, new TaskOptions { Resources = ResourceAmounts.Parse("GPU=1.5") }))));
        Assert.Equal(ResourceAmounts.Parse("GPU=1.5"), InUse());
        _harness.Complete(1, assigned);
        Assert.Equal(ResourceAmounts.None, InUse());
    }

    [Fact]
    public void Nobody_knows_the_load_of_a_worker_that_there_is_not() => Assert.Equal(default, _harness.Core.LoadOf(new WorkerId(7)));

    private static Demand Row(long tasks, long meanNs = 0, long running = 0) => new(ResourceAmounts.None, false, tasks, running, meanNs);

    private long? IdleSinceMs() => _harness.Core.LoadOf(new WorkerId(1)).IdleSinceMs;

    private ResourceAmounts? InUse() => _harness.Core.LoadOf(new WorkerId(1)).ResourcesInUse;

    /// <summary>Tasks of known length at worker 1, which has one slot.</summary>
    private (int Holding, int Running) Busy()
    {
        var load = _harness.Core.LoadOf(new WorkerId(1));
        return (load.Holding, load.Running);
    }

    private void Begin(SchedulerAction assigned, int task) =>
        _harness.Apply(_harness.Spoke(1) with { Started = [new AttemptRun(assigned.Run.Slice(task, 1), assigned.Attempt)] });

    private SchedulerAction Queue(int tasks, int slots = 1)
    {
        _harness.Learn(durationNs: TaskNs);
        _harness.Join(1, slots);
        return Assert.Single(Assignments(_harness.Submit(_harness.New(tasks))));
    }
}
