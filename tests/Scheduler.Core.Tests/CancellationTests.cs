using Weft.Primitives;
using static Weft.Scheduler.Core.Tests.SchedulerHarness;

namespace Weft.Scheduler.Core.Tests;

/// <summary>Cancelling, retrying, failing and letting go, and what of them comes too late.</summary>
public sealed class CancellationTests
{
    private readonly SchedulerHarness _harness = new();

    [Fact]
    public void A_lost_connection_holds_a_sessions_tasks_until_its_time_is_up()
    {
        var a = _harness.New(3);
        _harness.Submit(a);
        _harness.Apply(new SessionDetached(Session));
        _harness.NowMs = 59_999;
        _harness.Apply(new ClockTicked());
        Assert.Equal(3, _harness.Core.LiveTasks);
        _harness.NowMs = 60_000;
        Assert.Equal(60_000, _harness.Core.NextDeadlineMs);
        Assert.Equal(["EndSession 0.0+0 -> 1"], Lines(_harness.Apply(new ClockTicked())));
        Assert.Equal(0, _harness.Core.LiveTasks);
    }

    [Fact]
    public void A_session_that_came_back_is_told_of_what_ended_in_the_same_batch()
    {
        _harness.Join(1);
        var a = _harness.New();
        var assigned = Assigned(_harness.Submit(a), a.Run);
        _harness.Apply(new SessionDetached(Session));
        var told = _harness.Apply(new SessionAttached(Session), new WorkerSpoke(new WorkerId(1)) { Completed = [Result(a.Run, assigned.Attempt)] });
        Assert.Contains("TellOutcome 1.1 -> 1 Done", Lines(told));
    }

    [Fact]
    public void A_retry_of_what_was_retried_already_for_a_dependent_is_answered()
    {
        _harness.Join(1);
        var a = _harness.New();
        var b = _harness.New(1, 1, null, On(a.First));
        _harness.Submit(a, b);
        _harness.Cancel(a.Run);
        var again = Assigned(_harness.Retry(b.Run), a.Run);
        _harness.Complete(1, again);
        Assert.Equal(["TellOutcome 1.1 -> 1 Done"], Lines(_harness.Retry(a.Run)));
    }

    [Fact]
    public void A_failed_input_fails_any_number_of_dependents_with_the_first_cause()
    {
        _harness.Join(1);
        var chain = new List<Submission> { _harness.New() };
        for (var i = 1; i < 10_000; i++)
        {
            chain.Add(_harness.New(1, 1, null, On(chain[^1].First)));
        }

        var told = _harness.Fail(Assigned(_harness.Submit([.. chain]), chain[0].Run)).Where(action => action.Kind == ActionKind.TellOutcome).ToList();
        Assert.Equal(10_000, told.Sum(action => action.Run.Count));
        Assert.All(told, action => Assert.Equal(chain[0].First, action.Error!.Origin));
    }

    [Fact]
    public void Retries_run_a_task_again_after_an_exception_as_often_as_they_say()
    {
        _harness.Join(1);
        var a = _harness.New(1, 1, new TaskOptions { Retries = 2 });
        var assigned = Assigned(_harness.Submit(a), a.Run);
        assigned = Assigned(_harness.Fail(assigned), a.Run);
        assigned = Assigned(_harness.Fail(assigned), a.Run);
        Assert.Equal(["TellOutcome 1.1 -> 1 Failed UserException of 1.1"], Lines(_harness.Fail(assigned)));
    }

    [Fact]
    public void A_failed_input_fails_its_own_element_of_a_map_only()
    {
        _harness.Join(1, slots: 3);
        var a = _harness.New(3);
        var b = _harness.New(3, 1, null, new InputRule(a.First, 1, 1, 0));
        var assigned = Assigned(_harness.Submit(a, b), a.Run);
        _harness.Apply(_harness.Spoke(1) with
        {
            Failed = [new FailedAttempt(a.First + 1, assigned.Attempt, 1, TaskError.Of(ErrorKind.UserException, a.First + 1, "thrown"))],
        });
        Assert.Equal(TaskPhase.Failed, _harness.Core.PhaseOf(b.First + 1));
        Assert.NotEqual(TaskPhase.Failed, _harness.Core.PhaseOf(b.First));
        Assert.NotEqual(TaskPhase.Failed, _harness.Core.PhaseOf(b.First + 2));
    }
}
