using Weft.Primitives;
using static Weft.Scheduler.Core.Tests.SchedulerHarness;

namespace Weft.Scheduler.Core.Tests;

/// <summary>Cancelling, retrying, failing and letting go, and what of them comes too late.</summary>
public sealed class CancellationTests
{
    private static readonly TaskOptions Gpu = new() { Resources = ResourceAmounts.Parse("GPU=1") };

    private readonly SchedulerHarness _harness = new();

    [Fact]
    public void An_error_from_a_cancelled_run_that_arrives_late_is_rejected_in_favour_of_the_newer_run()
    {
        _harness.Join(1);
        var a = _harness.New();
        var old = Assigned(_harness.Submit(a), a.Run);
        _harness.Cancel(a.Run);
        var newer = Assigned(_harness.Retry(a.Run), a.Run);
        Assert.Empty(_harness.Fail(old));
        Assert.Equal(["TellOutcome 1.1 -> 1 Done"], Lines(_harness.Complete(1, newer)));
    }

    [Fact]
    public void A_cancel_between_the_order_to_fetch_and_the_fetch_while_the_source_closes_does_not_deadlock()
    {
        _harness.Join(1);
        var a = _harness.New();
        _harness.CompleteStored(Assigned(_harness.Submit(a), a.Run));
        _harness.Join(2);
        var b = _harness.New(1, 1, new TaskOptions { AllowedWorkers = ["worker-2"] }, On(a.First));
        _harness.Submit(b);
        _harness.Apply(new ClientSpoke(Session) { Cancelled = [b.Run] }, new WorkerLost(new WorkerId(1), "closing", IsGraceful: true));
        _harness.Apply(_harness.Spoke(2) with { Missing = [a.Run] });
        Assert.Equal(TaskPhase.Failed, _harness.PhaseOf(b.Run));

        // The source is made again where there is room, and the cancelled task can be retried.
        Assert.Equal(TaskPhase.Assigned, _harness.PhaseOf(a.Run));
        _harness.Retry(b.Run);
        Assert.NotEqual(TaskPhase.Failed, _harness.PhaseOf(b.Run));
    }

    [Fact]
    public void A_stale_notice_of_waiting_inside_does_not_touch_the_run_on_another_worker()
    {
        _harness.Join(1);
        var a = _harness.New();
        var old = Assigned(_harness.Submit(a), a.Run);
        _harness.Join(2);
        _harness.Lose(1);
        var b = _harness.New();
        Assert.DoesNotContain(Assignments(_harness.Submit(b)), action => action.Target == 1);
        _harness.Apply(_harness.Spoke(2) with { WaitingInside = [new AttemptRun(old.Run, old.Attempt)] });
        Assert.Equal(TaskPhase.Assigned, _harness.PhaseOf(a.Run));
        Assert.Equal(1, _harness.Core.Drops[DropReason.StaleAttempt]);
    }

    [Theory]
    [InlineData("cancel")]
    [InlineData("error")]
    [InlineData("given back")]
    [InlineData("done")]
    [InlineData("released")]
    public void Resources_are_returned_exactly_once_however_an_attempt_ends(string how)
    {
        _harness.Join(1, slots: 4, resources: ResourceAmounts.Parse("GPU=1"));
        var a = _harness.New(1, 1, Gpu);
        var assigned = Assigned(_harness.Submit(a), a.Run);
        var next = _harness.New(2, 1, Gpu);
        Assert.Empty(Assignments(_harness.Submit(next)));
        var freed = how switch
        {
            "cancel" => _harness.Cancel(a.Run),
            "error" => _harness.Fail(assigned),
            "given back" => _harness.Apply(_harness.Spoke(1) with { Retracted = [new AttemptRun(a.Run, assigned.Attempt)] }),
            "done" => _harness.Complete(1, assigned),
            _ => _harness.Release(a.Run),
        };

        // One resource came back, so one task goes out. The invariants, which every step checks, count the rest.
        Assert.Single(Assignments(freed));
        _harness.Complete(1, assigned);
        _harness.Fail(assigned);
        Assert.Equal(1, _harness.Core.CountOf(TaskPhase.Assigned));
    }

    [Fact]
    public void Dropping_the_last_handle_to_an_intermediate_forgets_its_private_subgraph_in_flight_or_not_but_keeps_shared_ancestors()
    {
        _harness.Join(1);
        _harness.Teach();
        var shared = _harness.New();
        var mine = _harness.New(1, 1, null, On(shared.First));
        var middle = _harness.New(1, 1, null, On(mine.First));
        var end = _harness.New(1, 1, null, On(middle.First));
        _harness.Submit(shared, mine, middle, end);
        _harness.Release(mine.Run);
        _harness.Release(middle.Run);
        Assert.Equal(4, _harness.Core.LiveTasks);
        var lines = Lines(_harness.Release(end.Run));
        Assert.Equal(1, _harness.Core.LiveTasks);
        Assert.NotNull(_harness.PhaseOf(shared.Run));
        Assert.Contains("Cancel 1.2 -> 1", lines);
    }

    [Fact]
    public void A_clients_end_releases_only_its_own_tasks()
    {
        var other = new SessionId(2);
        _harness.Apply(new SessionAttached(other));
        var a = _harness.New(3);
        var shared = _harness.New();
        var theirs = new Submission { First = new TaskId(other, 1), Count = 1, Function = 1, Rules = [On(shared.First)] };
        _harness.Submit(a, shared);
        _harness.Apply(new ClientSpoke(other) { Submissions = [theirs] });
        _harness.Apply(new ClientSpoke(Session) { Goodbye = true });
        Assert.Null(_harness.PhaseOf(a.Run));
        Assert.NotNull(_harness.PhaseOf(shared.Run));
        Assert.Equal(TaskPhase.Waiting, _harness.PhaseOf(theirs.Run));
        Assert.Equal(1, _harness.Core.SessionCount);
    }

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
