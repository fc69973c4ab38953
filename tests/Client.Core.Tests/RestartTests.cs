using Weft.Primitives;

namespace Weft.Client.Core.Tests;

/// <summary>What a client makes of a restart of the cluster.</summary>
public class RestartTests
{
    private static readonly TaskError Boom = TaskError.Of(ErrorKind.UserException, SessionDriver.Id(0), "boom");

    private readonly SessionDriver _session = new();

    [Fact]
    public void Pending_and_done_tasks_are_cancelled_failed_ones_keep_their_error_and_those_of_after_are_not_touched()
    {
        var before = _session.Submit(4);
        _session.Tell(SessionDriver.Run(1), FuturePhase.Done);
        _session.Tell(SessionDriver.Run(2), FuturePhase.Failed, Boom);
        _session.Apply(new SessionEvent.TasksReleased(SessionDriver.Run(3)));
        _session.Submit(1);

        var told = _session.Apply(new SessionEvent.TasksForgotten((ulong)before.Count));

        Assert.Equal(
            [FuturePhase.Cancelled, FuturePhase.Cancelled, FuturePhase.Failed, FuturePhase.Released, FuturePhase.Pending],
            Enumerable.Range(0, 5).Select(sequence => _session.PhaseOf((ulong)sequence)));
        Assert.Equal(2, told.Count);
        Assert.Equal(ErrorKind.Cancelled, _session.Core.ErrorOf(0, SessionDriver.Id(0))!.Kind);
        Assert.Same(Boom, _session.Core.ErrorOf(0, SessionDriver.Id(2)));
    }

    [Fact]
    public void What_is_said_of_forgotten_tasks_later_changes_nothing_and_they_cannot_be_retried()
    {
        var run = _session.Submit(2);
        _session.Apply(new SessionEvent.ResultsWanted(run));
        _session.Take();
        _session.Apply(new SessionEvent.TasksForgotten(2));

        _session.Tell(run, FuturePhase.Done);
        Assert.Equal(0, _session.Apply(new SessionEvent.ValuesArrived(run, SessionDriver.Column(1, 2))).Count);
        Assert.Equal(0, _session.Apply(new SessionEvent.RetryRequested(run)).Count);

        Assert.Equal(FuturePhase.Cancelled, _session.PhaseOf(0));
        Assert.Equal(2, _session.Core.Dropped[DropReason.ForgottenTask]);
        Assert.Equal(0, _session.Take().Retried.Count);
    }

    [Fact]
    public void Old_references_that_are_dropped_after_the_restart_never_touch_new_tasks_with_the_same_key()
    {
        var old = SubmitNamed();
        Assert.Equal(old, SubmitNamed());
        _session.Apply(new SessionEvent.TasksForgotten(1));

        var fresh = SubmitNamed();
        Assert.NotEqual(old, fresh);
        _session.Apply(new SessionEvent.TasksReleased(old));
        Assert.Equal(FuturePhase.Cancelled, _session.PhaseOf(old.First.Sequence));
        _session.Apply(new SessionEvent.TasksReleased(old));
        Assert.Equal(FuturePhase.Released, _session.PhaseOf(old.First.Sequence));

        Assert.Equal(FuturePhase.Pending, _session.PhaseOf(fresh.First.Sequence));
        Assert.Equal(fresh, SubmitNamed());
        var released = _session.Take().Released;
        Assert.Equal(1, released.Count);
        Assert.Equal(old, released[0]);
    }

    [Fact]
    public void A_key_may_mean_something_else_after_the_restart()
    {
        SubmitNamed();
        _session.Apply(new SessionEvent.TasksForgotten(1));
        var other = _session.Accepted(new SessionEvent.TasksSubmitted(new TaskSubmission(SessionDriver.Negate, SubmissionOptions.Default, 1) { Key = "k", Arguments = SessionDriver.Column(2) }));
        Assert.Equal(1UL, other.First.Sequence);
    }

    [Fact]
    public void It_is_heard_again_after_a_broken_connection_and_another_session_knows_nothing_of_it()
    {
        _session.Submit(2);
        _session.Take();
        _session.Apply(new SessionEvent.TasksForgotten(2));
        _session.Apply(new SessionEvent.Disconnected("so"));
        _session.Connect(resumed: true);
        Assert.Equal(0, _session.Apply(new SessionEvent.TasksForgotten(2)).Count);
        Assert.Equal(2UL, _session.Core.ForgottenBelow);

        _session.Apply(new SessionEvent.Disconnected("so"));
        _session.Connect(session: 8);
        Assert.Equal(0UL, _session.Core.ForgottenBelow);
    }

    private TaskRun SubmitNamed() => _session.Accepted(new SessionEvent.TasksSubmitted(
        new TaskSubmission(SessionDriver.Square, SubmissionOptions.Default, 1) { Key = "k", Arguments = SessionDriver.Column(1) }));
}
