using Weft.Primitives;
using static Weft.Scheduler.Core.Tests.SchedulerHarness;

namespace Weft.Scheduler.Core.Tests;

/// <summary>Workers whose memory is near its limit: what they were given, and what becomes of it.</summary>
public sealed class PausingTests
{
    private readonly SchedulerHarness _harness = new();

    [Fact]
    public void What_a_paused_worker_has_not_begun_is_taken_back_and_runs_elsewhere()
    {
        var assigned = Queue(tasks: 6);
        _harness.Apply(_harness.Spoke(1) with { Started = [new AttemptRun(assigned.Run.Slice(0, 1), assigned.Attempt)] });
        _harness.Join(2);
        _harness.Apply(_harness.Spoke(1) with { Pauses = 1 });

        var asked = assigned.Run.Slice(1, 5);
        var given = _harness.Apply(_harness.Spoke(1) with { Retracted = [new AttemptRun(asked, assigned.Attempt)] });
        Assert.Equal(5, Assignments(given).Sum(action => action.Target == 2 ? action.Run.Count : 0));
        Assert.Equal(1, _harness.Core.LoadOf(new WorkerId(1)).Assigned);
        Assert.True(_harness.Core.LoadOf(new WorkerId(1)).IsPaused);
    }

    [Fact]
    public void What_nobody_else_may_run_stays_until_somebody_comes_who_may()
    {
        var assigned = Queue(4, new TaskOptions { AllowedWorkers = ["worker-1", "worker-3"] });
        _harness.Join(2);
        Assert.DoesNotContain(_harness.Apply(_harness.Spoke(1) with { Pauses = 1 }), IsRetract);
        Assert.DoesNotContain(_harness.Apply(_harness.Spoke(2)), IsRetract);

        var asked = Assert.Single(_harness.Join(3), IsRetract);
        Assert.Equal((1, assigned.Run), (asked.Target, asked.Run));
    }

    [Fact]
    public void When_all_are_paused_what_waits_waits_and_that_is_said_once()
    {
        Queue(4);
        _harness.Join(2);
        _harness.Apply(_harness.Spoke(2) with { Pauses = 1 });
        var warned = _harness.Apply(_harness.Spoke(1) with { Pauses = 1 });
        var warning = Assert.Single(warned);
        Assert.Equal(ActionKind.Warn, warning.Kind);
        Assert.Contains("all of the 2 workers are paused for their memory", warning.Text, StringComparison.Ordinal);
        Assert.Empty(Assignments(_harness.Submit(_harness.New(10))));

        var resumed = _harness.Apply(_harness.Spoke(2) with { Pauses = 2 });
        Assert.Contains(resumed, action => action.Kind == ActionKind.Assign && action.Target == 2);
        Assert.Contains(resumed, action => IsRetract(action) && action.Target == 1);
        Assert.Single(_harness.Apply(_harness.Spoke(2) with { Pauses = 3 }), action => action.Kind == ActionKind.Warn);
    }

    [Fact]
    public void A_paused_worker_that_nothing_waits_for_is_no_cause_for_a_warning()
    {
        _harness.Join(1);
        Assert.Empty(_harness.Apply(_harness.Spoke(1) with { Pauses = 1 }));
    }

    [Fact]
    public void Of_two_words_the_later_counts_in_whatever_order_they_come()
    {
        _harness.Join(1);
        _harness.Apply(_harness.Spoke(1) with { Pauses = 2 }, _harness.Spoke(1) with { Pauses = 1 });
        Assert.Equal(1, _harness.Core.Drops[DropReason.StalePause]);
        Assert.NotEmpty(Assignments(_harness.Submit(_harness.New())));
    }

    [Fact]
    public void A_worker_that_comes_back_paused_is_given_nothing()
    {
        var description = new WorkerDescription { Name = "worker-1" };
        _harness.Apply(new WorkerJoined(new WorkerId(1), description) { HasPast = true, Pauses = 7 });
        Assert.Empty(Assignments(_harness.Submit(_harness.New())));
        Assert.NotEmpty(Assignments(_harness.Apply(_harness.Spoke(1) with { Pauses = 8 })));
    }

    [Fact]
    public void A_chain_is_not_handed_ahead_to_a_paused_worker()
    {
        _harness.Learn();
        _harness.Join(1);
        var first = _harness.New();
        var held = _harness.New(1, 1, null, On(first.First));
        Assert.Contains(Assignments(_harness.Submit(first, held)), action => action.Run == held.Run);
        _harness.Apply(_harness.Spoke(1) with { Pauses = 1 });

        var next = _harness.New(1, 1, null, On(held.First));
        Assert.Empty(Assignments(_harness.Submit(next)));
        Assert.Equal(TaskPhase.Waiting, _harness.PhaseOf(next.Run));
    }

    [Fact]
    public void A_paused_worker_is_chosen_for_no_copies_and_another_makes_those_it_was_asked_for()
    {
        _harness.Join(1);
        var a = _harness.New();
        _harness.CompleteStored(Assigned(_harness.Submit(a), a.Run));
        _harness.Join(2);
        Assert.Contains("SendCopies 1.1 -> 2", Lines(_harness.Apply(new DrainAsked([new WorkerId(1)], "maintenance"))));

        // It pauses, and goes on before that is heard: what it had not begun to fetch it has let go of all the same.
        _harness.Apply(_harness.Spoke(2) with { Pauses = 2 });
        Assert.Equal(["SendCopies 1.1 -> 2"], Lines(_harness.Apply(_harness.Spoke(2))));
        _harness.Join(3);
        _harness.Apply(_harness.Spoke(2) with { Pauses = 3 });
        Assert.Equal(["SendCopies 1.1 -> 3"], Lines(_harness.Apply(_harness.Spoke(2))));
    }

    [Fact]
    public void A_task_that_waited_too_long_for_a_paused_worker_fails_with_that_reason()
    {
        _harness.Join(1);
        _harness.Apply(_harness.Spoke(1) with { Pauses = 1 });
        var waiting = _harness.New(1, 1, new TaskOptions { QueueTimeoutMs = 100 });
        _harness.Submit(waiting);
        _harness.NowMs = 101;
        var told = Assert.Single(_harness.Apply(new ClockTicked()), action => action.Kind == ActionKind.TellOutcome);
        Assert.Contains("the workers that could run it were busy, or paused", told.Error!.Message, StringComparison.Ordinal);
    }

    private static bool IsRetract(SchedulerAction action) => action.Kind == ActionKind.Retract;

    /// <summary>Tasks of 2 ms at worker 1, which has one slot.</summary>
    private SchedulerAction Queue(int tasks, TaskOptions? options = null)
    {
        _harness.Learn(durationNs: 2_000_000);
        _harness.Join(1);
        return Assert.Single(Assignments(_harness.Submit(_harness.New(tasks, 1, options))));
    }
}
