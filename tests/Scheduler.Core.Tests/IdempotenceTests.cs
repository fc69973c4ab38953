using Weft.Primitives;
using static Weft.Scheduler.Core.Tests.SchedulerHarness;

namespace Weft.Scheduler.Core.Tests;

/// <summary>A task that is not idempotent never runs again once it may have begun, unless its retries say so.</summary>
public sealed class IdempotenceTests
{
    private static readonly TaskOptions Once = new() { Idempotent = false };

    private readonly SchedulerHarness _harness = new();

    [Fact]
    public void A_lost_result_of_a_task_that_is_not_idempotent_is_not_made_again()
    {
        _harness.Join(1);
        var a = _harness.New(1, 1, Once);
        var b = _harness.New(1, 1, new TaskOptions { AllowedWorkers = ["nobody"] }, On(a.First));
        _harness.CompleteStored(Assigned(_harness.Submit(a, b), a.Run));
        Assert.Equal(["TellOutcome 1.1+2 -> 1 Failed NotIdempotent of 1.1"], Lines(_harness.Lose(1)));
        Assert.Empty(Assignments(_harness.Join(2)));
    }

    [Fact]
    public void A_lost_result_of_a_task_that_is_not_idempotent_is_made_again_when_retries_say_so()
    {
        _harness.Join(1);
        var a = _harness.New(1, 1, Once with { Retries = 1 });
        _harness.CompleteStored(Assigned(_harness.Submit(a), a.Run));
        _harness.Lose(1);
        _harness.CompleteStored(Assigned(_harness.Join(2), a.Run));
        Assert.Equal(["TellOutcome 1.1 -> 1 Failed NotIdempotent of 1.1"], Lines(_harness.Lose(2)));
    }

    [Fact]
    public void A_released_result_of_a_task_that_is_not_idempotent_is_not_made_again_for_a_lost_descendant()
    {
        _harness.Join(1);
        var a = _harness.New(1, 1, Once);
        var b = _harness.New(1, 1, null, On(a.First));
        var sent = _harness.Submit(a, b);
        _harness.CompleteStored(Assigned(sent, a.Run));
        _harness.CompleteStored(Assigned(sent, b.Run));
        _harness.Release(a.Run);
        Assert.Equal(TaskPhase.Released, _harness.PhaseOf(a.Run));
        Assert.Contains("TellOutcome 1.2 -> 1 Failed NotIdempotent of 1.1", Lines(_harness.Lose(1)));
        Assert.Empty(Assignments(_harness.Join(2)));
    }

    [Fact]
    public void A_task_that_is_not_idempotent_and_was_released_before_it_was_ever_sent_runs_when_it_is_needed_after_all()
    {
        var a = _harness.New(1, 1, Once);
        var b = _harness.New(1, 1, null, On(a.First));
        _harness.Submit(a, b);
        _harness.Cancel(b.Run);
        _harness.Release(a.Run);
        Assert.Equal(TaskPhase.Released, _harness.PhaseOf(a.Run));
        _harness.Retry(b.Run);
        Assert.Single(Assignments(_harness.Join(1)), action => action.Run == a.Run);
    }

    [Fact]
    public void What_may_have_begun_unreported_at_a_worker_that_died_does_not_run_again()
    {
        _harness.Join(1);
        var a = _harness.New(2, 1, Once);
        Assigned(_harness.Submit(a), a.Run);

        // Both may have run: short tasks are not reported when they begin, and their results are reported in batches.
        Assert.Equal(["TellOutcome 1.1 -> 1 Failed NotIdempotent of 1.1", "TellOutcome 1.2 -> 1 Failed NotIdempotent of 1.2"], Lines(_harness.Lose(1)));
    }

    [Fact]
    public void What_had_not_begun_at_a_worker_that_left_gracefully_runs_elsewhere()
    {
        _harness.Join(1);
        var a = _harness.New(2, 1, Once);
        Assigned(_harness.Submit(a), a.Run);
        Assert.Empty(_harness.Lose(1, isGraceful: true));
        Assert.Equal(2, Assignments(_harness.Join(2)).Sum(action => action.Run.Count));
    }

    [Fact]
    public void What_waits_in_vain_for_an_input_is_asked_for_because_the_input_may_have_come_before_and_the_task_have_begun()
    {
        _harness.Join(1);
        var a = _harness.New();
        _harness.CompleteStored(Assigned(_harness.Submit(a), a.Run));
        _harness.Join(2);
        var b = _harness.New(1, 1, Once with { AllowedWorkers = ["worker-2"] }, On(a.First));
        var sent = Assigned(_harness.Submit(b), b.Run);
        _harness.Apply(_harness.Spoke(2) with { Missing = [a.Run] });
        var lines = Lines(_harness.Apply(_harness.Spoke(2) with { Missing = [a.Run] }));
        Assert.Contains("Retract 1.2 -> 2", lines);
        Assert.DoesNotContain("Cancel 1.2 -> 2", lines);

        // It had begun: it goes on, and is done.
        _harness.Apply(_harness.Spoke(2) with { NotRetracted = [new AttemptRun(b.Run, sent.Attempt)] });
        Assert.Equal(TaskPhase.Running, _harness.PhaseOf(b.Run));
        _harness.Complete(2, sent);
        Assert.Equal(TaskPhase.Done, _harness.PhaseOf(b.Run));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_link_that_was_handed_ahead_is_asked_for_when_its_heads_attempt_is_over_and_runs_again_only_if_it_had_not_begun(bool hadBegun)
    {
        _harness.Learn();
        _harness.Join(1);
        var data = _harness.New(1, 2);
        _harness.CompleteStored(Assigned(_harness.Submit(data), data.Run));
        _harness.Join(2);
        var a = _harness.New(1, 1, new TaskOptions { AllowedWorkers = ["worker-2"] }, On(data.First));
        var b = _harness.New(1, 1, Once, On(a.First));
        var sent = Assigned(_harness.Submit(a, b), b.Run);

        // The input of the head cannot be had, and the head is taken back; but it may have had it before, and have run in silence.
        _harness.Apply(_harness.Spoke(2) with { Missing = [data.Run] });
        var lines = Lines(_harness.Apply(_harness.Spoke(2) with { Missing = [data.Run] }));
        Assert.Contains("Cancel 1.2 -> 2", lines);
        Assert.Contains("Retract 1.3 -> 2", lines);
        var run = new AttemptRun(b.Run, sent.Attempt);
        _harness.Apply(hadBegun ? _harness.Spoke(2) with { NotRetracted = [run] } : _harness.Spoke(2) with { Retracted = [run] });
        Assert.Equal(hadBegun, _harness.PhaseOf(b.Run) == TaskPhase.Running);
        Assert.DoesNotContain(_harness.Lose(2), action => action.Kind == ActionKind.Assign && action.Run == b.Run);
        Assert.Equal(hadBegun, _harness.PhaseOf(b.Run) == TaskPhase.Failed);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Tasks_that_are_not_idempotent_are_sent_only_one_ahead_however_short_they_are(bool hasInputs)
    {
        _harness.Learn(durationNs: 100);
        _harness.Join(1);
        var data = _harness.New(1, 2);
        _harness.CompleteStored(Assigned(_harness.Submit(data), data.Run));
        var a = _harness.New(50, 1, Once, hasInputs ? [On(data.First)] : []);
        Assert.Equal(2, Assignments(_harness.Submit(a)).Sum(action => action.Run.Count));
    }
}
