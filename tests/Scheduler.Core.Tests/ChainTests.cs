using Weft.Primitives;
using static Weft.Scheduler.Core.Tests.SchedulerHarness;

namespace Weft.Scheduler.Core.Tests;

/// <summary>Tasks that are handed ahead of their inputs, and come back when these do not come.</summary>
public sealed class ChainTests
{
    private readonly SchedulerHarness _harness = new();

    public ChainTests() => _harness.Learn();

    [Fact]
    public void Links_that_were_handed_ahead_are_taken_back_with_the_head()
    {
        _harness.Join(1);
        var (a, b, c) = Chain();
        var assigned = _harness.Submit(a, b, c);
        Assert.Equal(3, Assignments(assigned).Count);
        var lines = Lines(_harness.Apply(_harness.Spoke(1) with { Retracted = [new AttemptRun(a.Run, Assigned(assigned, a.Run).Attempt)] }));
        Assert.Contains("Cancel 1.2 -> 1", lines);
        Assert.Contains("Cancel 1.3 -> 1", lines);
    }

    [Fact]
    public void Links_that_were_handed_ahead_wait_again_while_their_head_is_retried_elsewhere()
    {
        _harness.Join(1);
        var a = _harness.New(1, 1, new TaskOptions { Retries = 1 });
        var b = _harness.New(1, 1, null, On(a.First));
        var assigned = _harness.Submit(a, b);
        var again = _harness.Fail(Assigned(assigned, a.Run));
        Assert.Contains("Cancel 1.2 -> 1", Lines(again));
        var attempts = Assignments(again);
        Assert.NotEqual(Assigned(assigned, a.Run).Attempt, Assigned(attempts, a.Run).Attempt);
        Assert.NotEqual(Assigned(assigned, b.Run).Attempt, Assigned(attempts, b.Run).Attempt);
    }

    [Fact]
    public void Nothing_is_handed_ahead_to_two_workers_inputs_or_to_one_that_may_not_run_it()
    {
        _harness.Join(1);
        _harness.Join(2);
        var a = _harness.New(1, 1, new TaskOptions { AllowedWorkers = ["worker-1"] });
        var b = _harness.New(1, 1, new TaskOptions { AllowedWorkers = ["worker-2"] });
        var both = _harness.New(1, 1, null, On(a.First), On(b.First));
        var elsewhere = _harness.New(1, 1, new TaskOptions { AllowedWorkers = ["worker-2"] }, On(a.First));
        Assert.Equal([a.Run, b.Run], Assignments(_harness.Submit(a, b, both, elsewhere)).Select(action => action.Run));
    }

    [Fact]
    public void What_waits_for_two_is_handed_ahead_when_one_of_them_is_done()
    {
        _harness.Join(1, slots: 2);
        var a = _harness.New();
        var b = _harness.New();
        var both = _harness.New(1, 1, null, On(a.First), On(b.First));
        var assigned = _harness.Submit(a, b, both);
        Assert.DoesNotContain(assigned, action => action.Kind == ActionKind.Assign && (action.Keep || action.Run.Contains(both.First)));

        var c = _harness.New();
        var second = _harness.New(1, 1, null, On(a.First), On(c.First));
        _harness.Complete(1, Assignments(assigned)[0]);
        var later = _harness.Submit(c, second);
        Assert.True(Assigned(later, c.Run).Keep);
        Assert.Equal(InputForm.ById, Assigned(later, second.Run).Inputs);
    }

    [Fact]
    public void Only_one_link_is_handed_ahead_behind_long_work()
    {
        _harness.Learn(durationNs: 5_000_000);
        _harness.Join(1);
        var (a, b, c) = Chain();
        Assert.Equal([a.Run, b.Run], Assignments(_harness.Submit(a, b, c)).Select(action => action.Run));
    }

    [Fact]
    public void A_loss_of_the_worker_brings_the_whole_chain_back_in_order()
    {
        _harness.Join(1);
        var (a, b, c) = Chain();
        _harness.Submit(a, b, c);
        _harness.Lose(1);
        Assert.Equal(TaskPhase.Ready, _harness.PhaseOf(a.Run));
        Assert.Equal(TaskPhase.Waiting, _harness.PhaseOf(b.Run));
        Assert.Equal(TaskPhase.Waiting, _harness.PhaseOf(c.Run));
        Assert.Equal([a.Run, b.Run, c.Run], Assignments(_harness.Join(2)).Select(action => action.Run));
    }

    private (Submission A, Submission B, Submission C) Chain()
    {
        var a = _harness.New();
        var b = _harness.New(1, 1, null, On(a.First));
        return (a, b, _harness.New(1, 1, null, On(b.First)));
    }
}
