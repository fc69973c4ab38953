using Weft.Primitives;
using static Weft.Scheduler.Core.Tests.SchedulerHarness;

namespace Weft.Scheduler.Core.Tests;

/// <summary>A scheduler that takes over knows how often what is not idempotent has run.</summary>
public sealed class SpentRunsTests
{
    private static readonly TaskOptions TwiceAtMost = new() { Idempotent = false, Retries = 1 };

    private readonly SchedulerHarness _harness = new(new SchedulerOptions { KeepsFacts = true });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_lost_result_that_was_made_again_before_is_not_made_a_third_time(bool fromSnapshot)
    {
        var a = _harness.New(1, 1, TwiceAtMost);
        var first = _harness.Submit(a);
        RunAndLose(1, first);
        RunAndLose(2, []);
        Assert.Equal(TaskPhase.Failed, _harness.PhaseOf(a.Run));

        // The same, but that another takes over before the second loss.
        var other = new SchedulerHarness(new SchedulerOptions { KeepsFacts = true });
        var b = other.New(1, 1, TwiceAtMost);
        other.Submit(b);
        other.CompleteStored(Assigned(other.Join(1), b.Run));
        other.Lose(1);
        other.CompleteStored(Assigned(other.Join(2), b.Run));
        List<SchedulerFact> facts = [new SessionOpened(Session, default)];
        if (fromSnapshot)
        {
            other.Core.AddSnapshot(facts);
        }
        else
        {
            facts.AddRange(other.Core.Facts.Span);
        }

        var next = new SchedulerCore(new SchedulerOptions { KeepsFacts = true, Epoch = 2 });
        next.Restore(facts, 0);
        Assert.Equal(TaskPhase.Failed, next.PhaseOf(b.First));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_result_that_counted_and_was_released_does_not_count_again_when_its_worker_comes_back_with_it(bool fromSnapshot)
    {
        _harness.Join(1);
        var a = _harness.New();
        var b = _harness.New(1, 1, null, On(a.First));
        var sent = _harness.Submit(a, b);
        _harness.CompleteStored(Assigned(sent, a.Run));
        _harness.CompleteStored(Assigned(sent, b.Run));
        _harness.Release(a.Run);
        Assert.Equal(TaskPhase.Released, _harness.PhaseOf(a.Run));
        List<SchedulerFact> facts = [new SessionOpened(Session, default)];
        if (fromSnapshot)
        {
            _harness.Core.AddSnapshot(facts);
        }
        else
        {
            facts.AddRange(_harness.Core.Facts.Span);
        }

        // Its worker was never told to free it, and somebody needs it after all.
        var next = new SchedulerCore(new SchedulerOptions { Epoch = 2 });
        next.Restore(facts, 0);
        var c = _harness.New(1, 1, null, On(a.First));
        var actions = new ActionList();
        foreach (var happened in new SchedulerEvent[]
        {
            new SessionAttached(Session),
            new ClientSpoke(Session) { Submissions = [c] },
            new WorkerJoined(new WorkerId(1), new WorkerDescription { Name = "worker-1" }) { HasPast = true, Stored = [new StoredRun(a.Run, Assigned(sent, a.Run).Attempt, [100_000])] },
        })
        {
            next.Apply(new Stamped<SchedulerEvent>(0, happened), actions);
        }

        Assert.Contains("Free 1.1 -> 1", Lines(actions.Span.ToArray()));
        Assert.Equal(0, next.Completed);
    }

    [Fact]
    public void What_was_given_back_before_it_began_may_run_after_a_restart()
    {
        var a = _harness.New(1, 1, TwiceAtMost with { Retries = 0 });
        _harness.Submit(a);
        var sent = Assigned(_harness.Join(1), a.Run);
        var again = _harness.Apply(_harness.Spoke(1) with { Retracted = [new AttemptRun(a.Run, sent.Attempt)], Leaving = "maintenance" });
        Assert.Empty(Assignments(again));
        var next = new SchedulerCore(new SchedulerOptions { Epoch = 2 });
        next.Restore([new SessionOpened(Session, default), .. _harness.Core.Facts.Span], 0);
        var actions = new ActionList();
        next.Apply(new Stamped<SchedulerEvent>(40_000, new ClockTicked()), actions);
        Assert.False(next.IsRecovering);
        Assert.Equal(TaskPhase.Ready, next.PhaseOf(a.First));
    }

    [Fact]
    public void Of_a_run_of_which_only_some_results_are_accepted_their_own_sizes_are_noted()
    {
        _harness.Learn();
        var a = _harness.New(3);
        _harness.Submit(a);
        var sent = Assigned(_harness.Join(1), a.Run);
        _harness.Release(new TaskRun(a.First));
        _harness.Apply(_harness.Spoke(1) with { Completed = [new CompletedRun(a.Run, sent.Attempt, 1000) { StoredBytes = [100_000, 200_000, 300_000] }] });
        var accepted = Assert.Single(_harness.Core.Facts.Span.ToArray().OfType<ResultsAccepted>(), static fact => fact.StoredBytes.Count > 0);
        Assert.Equal(new TaskRun(a.First + 1, 2), accepted.Run);
        Assert.Equal([200_000L, 300_000L], accepted.StoredBytes);
    }

    private void RunAndLose(int worker, List<SchedulerAction> before)
    {
        Assert.Empty(Assignments(before));
        var assigned = Assert.Single(Assignments(_harness.Join(worker)));
        _harness.CompleteStored(assigned);
        _harness.Lose(worker);
    }
}
