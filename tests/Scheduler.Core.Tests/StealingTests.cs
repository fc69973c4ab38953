using Weft.Primitives;
using static Weft.Scheduler.Core.Tests.SchedulerHarness;

namespace Weft.Scheduler.Core.Tests;

/// <summary>Work moves to who is idle, once, and only when it is worth it.</summary>
public sealed class StealingTests
{
    private readonly SchedulerHarness _harness = new();

    [Fact]
    public void A_newly_joined_worker_receives_a_fair_share_of_a_long_backlog()
    {
        var assigned = Backlog();
        var asked = Assert.Single(_harness.Join(2), action => action.Kind == ActionKind.Retract);
        Assert.Equal(assigned.Run.Count / 2, asked.Run.Count);
        var moved = _harness.Apply(_harness.Spoke(1) with { Retracted = [new AttemptRun(asked.Run, asked.Attempt)] });
        Assert.Contains(Assignments(moved), action => action.Target == 2);
    }

    [Fact]
    public void Of_two_steals_of_one_task_one_wins_and_the_task_runs_once()
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

    [Fact]
    public void A_steal_whose_task_goes_to_a_third_worker_meanwhile_does_not_deadlock()
    {
        Backlog();
        var asked = Assert.Single(_harness.Join(2), action => action.Kind == ActionKind.Retract);
        _harness.Apply(
            new WorkerJoined(new WorkerId(3), new WorkerDescription { Name = "worker-3" }),
            new WorkerLost(new WorkerId(1), "killed", IsGraceful: false),
            _harness.Spoke(1) with { Retracted = [new AttemptRun(asked.Run, asked.Attempt)] });
        Assert.Equal(0, _harness.Core.CountOf(TaskPhase.Waiting));
        Assert.True(_harness.Core.CountOf(TaskPhase.Assigned) >= 2);
        Assert.Equal(1, _harness.Core.Drops[DropReason.UnknownWorker]);
    }

    [Fact]
    public void Executing_tasks_and_those_that_wait_inside_are_never_moved()
    {
        var assigned = Backlog();
        var one = assigned.Run.Slice(0, 1);
        _harness.Apply(_harness.Spoke(1) with
        {
            Started = [new AttemptRun(assigned.Run, assigned.Attempt)],
            WaitingInside = [new AttemptRun(one, assigned.Attempt)],
        });
        Assert.DoesNotContain(_harness.Join(2), action => action.Kind == ActionKind.Retract);
    }

    [Fact]
    public void What_had_begun_when_it_was_asked_for_stays_where_it_is()
    {
        Backlog();
        var asked = Assert.Single(_harness.Join(2), action => action.Kind == ActionKind.Retract);
        _harness.Apply(_harness.Spoke(1) with { NotRetracted = [new AttemptRun(asked.Run, asked.Attempt)] });
        Assert.Equal(asked.Run.Count, _harness.Core.CountOf(TaskPhase.Running));
    }

    [Fact]
    public void Tasks_with_large_data_and_short_work_stay_and_those_with_small_data_and_long_work_move()
    {
        Assert.Equal(0, MovedWith(inputBytes: 1_000_000_000, durationNs: 4_000_000));
        Assert.NotEqual(0, MovedWith(inputBytes: 10_000, durationNs: 4_000_000));
    }

    [Fact]
    public void Tasks_move_only_to_who_may_run_them_even_if_it_has_more_kinds_of_resources()
    {
        Backlog(new TaskOptions { AllowedWorkers = ["worker-1", "worker-3"] });
        Assert.DoesNotContain(_harness.Join(2, resources: ResourceAmounts.Parse("GPU=1")), action => action.Kind == ActionKind.Retract);
        Assert.Contains(_harness.Join(3, resources: ResourceAmounts.Parse("FPGA=1")), action => action.Kind == ActionKind.Retract);
    }

    [Fact]
    public void The_head_of_a_chain_is_not_moved_on_account_of_the_links_that_follow_it()
    {
        _harness.Join(1);
        var a = _harness.New(1, 9);
        _harness.CompleteStored(Assigned(_harness.Submit(a), a.Run), bytes: 20_000);
        var chain = new List<Submission> { _harness.New(1, 1, new TaskOptions { AllowedWorkers = ["worker-1", "worker-2"] }, On(a.First)) };
        for (var i = 0; i < 5; i++)
        {
            chain.Add(_harness.New(1, 1, null, On(chain[^1].First)));
        }

        _harness.Submit([.. chain]);
        Assert.DoesNotContain(_harness.Join(2), action => action.Kind == ActionKind.Retract && action.Run.Contains(chain[0].First));
    }

    /// <summary>Eight tasks of 4 ms at one worker, of which one is done.</summary>
    private SchedulerAction Backlog(TaskOptions? options = null)
    {
        _harness.Join(1);
        var first = _harness.New();
        _harness.Complete(1, Assigned(_harness.Submit(first), first.Run), durationNs: 2_000_000);
        var rest = _harness.New(8, 1, options);
        return Assignments(_harness.Submit(rest))[0];
    }

    private static int MovedWith(long inputBytes, long durationNs)
    {
        var harness = new SchedulerHarness();
        harness.Join(1);
        var data = harness.New(1, 2);
        harness.CompleteStored(Assigned(harness.Submit(data), data.Run), inputBytes);
        var first = harness.New(1, 1);
        harness.Complete(1, Assigned(harness.Submit(first), first.Run), durationNs: durationNs);
        harness.Submit(harness.New(8, 1, null, On(data.First)));
        return harness.Join(2).Where(action => action.Kind == ActionKind.Retract).Sum(action => action.Run.Count);
    }
}
