using Weft.Primitives;
using static Weft.Scheduler.Core.Tests.SchedulerHarness;

namespace Weft.Scheduler.Core.Tests.Behaviours;

/// <summary>What users may count on about the moving of work. The numbers are those of docs/behaviours.md.</summary>
public sealed class BalanceBehaviours
{
    private readonly SchedulerHarness _harness = new();

    /// <summary>25.</summary>
    [Theory]
    [InlineData(8)]
    [InlineData(200)]
    public void A_newly_joined_worker_receives_a_fair_share_of_a_long_backlog(int tasks)
    {
        Backlog(tasks: tasks);
        var joined = _harness.Join(2);
        foreach (var asked in joined.Where(action => action.Kind == ActionKind.Retract))
        {
            _harness.Apply(_harness.Spoke(1) with { Retracted = [new AttemptRun(asked.Run, asked.Attempt)] });
        }

        var (mine, theirs) = (_harness.Core.LoadOf(new WorkerId(1)).Assigned, _harness.Core.LoadOf(new WorkerId(2)).Assigned);
        Assert.InRange(mine - theirs, -1, 1);
        Assert.InRange(theirs, 4, tasks);
    }

    /// <summary>26.</summary>
    [Fact]
    public void Two_concurrent_steal_requests_for_one_task_exactly_one_wins_task_runs_once()
    {
        Backlog();
        var asked = Assert.Single(_harness.Join(2), action => action.Kind == ActionKind.Retract);
        Assert.DoesNotContain(_harness.Join(3), action => action.Kind == ActionKind.Retract);
        var given = _harness.Spoke(1) with { Retracted = [new AttemptRun(asked.Run, asked.Attempt)] };
        _harness.Apply(given);
        var attempts = _harness.Core.CountOf(TaskPhase.Assigned);
        Assert.Empty(_harness.Apply(given));
        Assert.Equal(attempts, _harness.Core.CountOf(TaskPhase.Assigned));
        Assert.Equal(asked.Run.Count, _harness.Core.Drops[DropReason.StaleAttempt]);
    }

    /// <summary>28.</summary>
    [Fact]
    public void Steal_request_and_reschedule_to_a_third_worker_at_the_same_time_does_not_deadlock()
    {
        Backlog();
        var asked = Assert.Single(_harness.Join(2), action => action.Kind == ActionKind.Retract);
        _harness.Apply(
            new WorkerJoined(new WorkerId(3), new WorkerDescription { Name = "worker-3" }),
            new WorkerLost(new WorkerId(1), "killed", IsGraceful: false),
            _harness.Spoke(1) with { Retracted = [new AttemptRun(asked.Run, asked.Attempt)] });
        Assert.Equal(1, _harness.Core.Drops[DropReason.UnknownWorker]);

        // All of it ends on the two that are left.
        Assert.Equal(8, _harness.Core.CountOf(TaskPhase.Assigned));
        Assert.NotEqual(0, _harness.Core.LoadOf(new WorkerId(2)).Assigned);
        Assert.NotEqual(0, _harness.Core.LoadOf(new WorkerId(3)).Assigned);
    }

    /// <summary>29.</summary>
    [Fact]
    public void Executing_and_long_running_seceded_tasks_are_never_moved_never_executed_twice()
    {
        var assigned = Backlog();
        var one = assigned.Run.Slice(0, 1);
        _harness.Apply(_harness.Spoke(1) with
        {
            Started = [new AttemptRun(assigned.Run, assigned.Attempt)],
            WaitingInside = [new AttemptRun(one, assigned.Attempt)],
        });
        var joined = _harness.Join(2);
        Assert.DoesNotContain(joined, action => action.Kind is ActionKind.Retract or ActionKind.Assign);
        _harness.Complete(1, assigned);
        Assert.Equal(0, _harness.Core.CountOf(TaskPhase.Assigned) + _harness.Core.CountOf(TaskPhase.Running));
    }

    /// <summary>29, for what began while the request was on its way.</summary>
    [Fact]
    public void What_had_begun_when_it_was_asked_for_stays_where_it_is()
    {
        Backlog();
        var asked = Assert.Single(_harness.Join(2), action => action.Kind == ActionKind.Retract);
        Assert.Empty(Assignments(_harness.Apply(_harness.Spoke(1) with { NotRetracted = [new AttemptRun(asked.Run, asked.Attempt)] })));
        Assert.Equal(asked.Run.Count, _harness.Core.CountOf(TaskPhase.Running));
    }

    /// <summary>30.</summary>
    [Fact]
    public void Big_data_fast_compute_tasks_stay_put_small_data_slow_compute_move_restrictions_and_resources_honoured_also_when_the_thief_has_extra_resource_types()
    {
        Assert.Equal(0, MovedWith(inputBytes: 1_000_000_000));
        Assert.NotEqual(0, MovedWith(inputBytes: 10_000));

        Backlog(new TaskOptions { AllowedWorkers = ["worker-1", "worker-3"] });
        Assert.DoesNotContain(_harness.Join(2, resources: ResourceAmounts.Parse("GPU=1")), IsRetract);
        Assert.Contains(_harness.Join(3, resources: ResourceAmounts.Parse("FPGA=1")), IsRetract);

        var claiming = new SchedulerHarness();
        Backlog(claiming, new TaskOptions { Resources = ResourceAmounts.Parse("GPU=1") }, 8);
        Assert.DoesNotContain(claiming.Join(2, resources: ResourceAmounts.Parse("FPGA=1")), IsRetract);
        Assert.Contains(claiming.Join(3, resources: ResourceAmounts.Parse("FPGA=1,GPU=1")), IsRetract);
    }

    private static bool IsRetract(SchedulerAction action) => action.Kind == ActionKind.Retract;

    private SchedulerAction Backlog(TaskOptions? options = null, int tasks = 8) => Backlog(_harness, options, tasks);

    /// <summary>Tasks of 2 ms at one worker, which has one slot and resources in plenty.</summary>
    private static SchedulerAction Backlog(SchedulerHarness harness, TaskOptions? options, int tasks)
    {
        harness.Join(1, resources: ResourceAmounts.Parse("GPU=8"));
        var first = harness.New();
        harness.Complete(1, Assigned(harness.Submit(first), first.Run), durationNs: 2_000_000);
        var rest = harness.New(tasks, 1, options);
        return Assignments(harness.Submit(rest))[0];
    }

    private static int MovedWith(long inputBytes)
    {
        var harness = new SchedulerHarness();
        harness.Join(1);
        var data = harness.New(1, 2);
        harness.CompleteStored(Assigned(harness.Submit(data), data.Run), inputBytes);
        var first = harness.New(1, 1);
        harness.Complete(1, Assigned(harness.Submit(first), first.Run), durationNs: 4_000_000);
        harness.Submit(harness.New(8, 1, null, On(data.First)));
        return harness.Join(2).Where(IsRetract).Sum(action => action.Run.Count);
    }
}
