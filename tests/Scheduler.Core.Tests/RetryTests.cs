using Weft.Primitives;
using static Weft.Scheduler.Core.Tests.SchedulerHarness;

namespace Weft.Scheduler.Core.Tests;

public sealed class RetryTests
{
    private readonly SchedulerHarness _harness = new();

    [Theory]
    [InlineData(ErrorKind.UserException, true)]
    [InlineData(ErrorKind.TimedOut, true)]
    [InlineData(ErrorKind.Serialization, false)]
    [InlineData(ErrorKind.Cancelled, false)]
    public void Only_what_may_go_well_the_next_time_is_retried(ErrorKind kind, bool isRetried)
    {
        _harness.Join(1);
        var a = _harness.New(1, 1, new TaskOptions { Retries = 1 });
        var failed = _harness.Fail(Assigned(_harness.Submit(a), a.Run), kind);
        Assert.Equal(isRetried ? TaskPhase.Assigned : TaskPhase.Failed, _harness.PhaseOf(a.Run));
        Assert.Equal(isRetried, Assignments(failed).Count == 1);
    }

    [Fact]
    public void A_clients_retry_gives_all_retries_anew()
    {
        _harness.Join(1);
        var a = _harness.New(1, 1, new TaskOptions { Retries = 1 });
        var assigned = Assigned(_harness.Fail(Assigned(_harness.Submit(a), a.Run)), a.Run);
        _harness.Fail(assigned);
        assigned = Assigned(_harness.Fail(Assigned(_harness.Retry(a.Run), a.Run)), a.Run);
        Assert.Equal(["TellOutcome 1.1 -> 1 Done"], Lines(_harness.Complete(1, assigned)));
    }

    [Fact]
    public void A_retry_of_the_end_of_a_failed_chain_runs_the_whole_chain_from_the_first_cause()
    {
        _harness.Join(1);
        var a = _harness.New();
        var b = _harness.New(1, 1, null, On(a.First));
        var c = _harness.New(1, 1, null, On(b.First));
        _harness.Fail(Assigned(_harness.Submit(a, b, c), a.Run));
        Assert.Equal(3, _harness.Core.CountOf(TaskPhase.Failed));
        var actions = _harness.Retry(c.Run);
        foreach (var link in new[] { a, b, c })
        {
            actions.AddRange(_harness.Complete(1, Assigned(actions, link.Run)));
        }

        Assert.Equal(3, _harness.Core.CountOf(TaskPhase.Done));
    }

    [Fact]
    public void Failed_inputs_that_nobody_holds_are_kept_for_a_retry_and_forgotten_with_the_last_that_needs_them()
    {
        _harness.Join(1);
        var a = _harness.New();
        var b = _harness.New(1, 1, null, On(a.First));
        _harness.Fail(Assigned(_harness.Submit(a, b), a.Run));
        _harness.Release(a.Run);
        Assert.Equal(TaskPhase.Failed, _harness.PhaseOf(a.Run));
        var again = Assigned(_harness.Retry(b.Run), a.Run);
        _harness.Complete(1, again);
        _harness.Release(b.Run);
        Assert.Equal(0, _harness.Core.LiveTasks);
    }

    [Fact]
    public void A_workers_death_costs_no_retry()
    {
        _harness.Join(1);
        var a = _harness.New(1, 1, new TaskOptions { Retries = 1 });
        _harness.Start(Assigned(_harness.Submit(a), a.Run));
        _harness.Lose(1);
        var assigned = Assigned(_harness.Fail(Assigned(_harness.Join(2), a.Run)), a.Run);
        Assert.Equal(["TellOutcome 1.1 -> 1 Failed UserException of 1.1"], Lines(_harness.Fail(assigned)));
    }

    [Fact]
    public void What_follows_from_a_retry_comes_before_the_next_one_as_it_does_for_a_scheduler_that_reads_of_it()
    {
        var harness = new SchedulerHarness(new SchedulerOptions { KeepsFacts = true });
        harness.Core.Facts.Add(new SessionOpened(Session, default));
        var (a, b, c) = (harness.New(), harness.New(1, 1, null, On(new TaskId(Session, 1))), harness.New(1, 1, null, On(new TaskId(Session, 2))));
        harness.Submit(a, b, c);
        harness.Cancel(c.Run);
        harness.Release(b.Run);
        harness.Apply(new ClientSpoke(Session) { Cancelled = [a.Run], Retried = [c.Run, a.Run] });

        var restored = new SchedulerCore(new SchedulerOptions { Epoch = 2 });
        restored.Restore(harness.Core.Facts.Span.ToArray(), 0);

        Assert.Equal(TaskPhase.Failed, harness.PhaseOf(c.Run));
        Assert.Equal(TaskPhase.Failed, restored.PhaseOf(c.First));
        Assert.Equal(harness.PhaseOf(b.Run), restored.PhaseOf(b.First));
    }
}
