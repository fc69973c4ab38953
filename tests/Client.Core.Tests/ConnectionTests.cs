using Weft.Primitives;

namespace Weft.Client.Core.Tests;

public class ConnectionTests
{
    private readonly SessionDriver _session = new(new SessionSettings { ReconnectTimeoutMs = 30_000 });

    [Fact]
    public void A_broken_connection_leaves_futures_pending_until_the_reconnect_time_is_over()
    {
        _session.Submit(3);
        _session.Apply(new SessionEvent.Disconnected("gone"));
        Assert.Equal(30_000, _session.Core.NextDeadlineMs);

        _session.Advance(29_999);
        Assert.Equal(0, _session.Apply(SessionEvent.DeadlinePassed.Instance).Count);
        _session.Advance(1);
        var actions = _session.Apply(SessionEvent.DeadlinePassed.Instance);

        Assert.Equal(SessionAction.Tell(SessionDriver.Run(0, 3), FuturePhase.Lost, null), actions[0]);
        Assert.Equal(SessionLossKind.SchedulerLost, _session.Core.LossOf(0).Kind);
        Assert.Equal(FuturePhase.Lost, _session.PhaseOf(0));
        Assert.Null(_session.Core.NextDeadlineMs);
    }

    [Fact]
    public void A_resumed_session_says_again_what_the_broken_connection_may_have_swallowed()
    {
        var run = _session.Submit(4);
        _session.Take();
        _session.Apply(new SessionEvent.SubmissionsAcknowledged(4));
        _session.Submit(SessionDriver.Negate, SessionDriver.Column(1));
        _session.Apply(new SessionEvent.ResultsWanted(run.Slice(0, 2)));
        _session.Apply(new SessionEvent.CancelRequested(run.Slice(2, 1)));
        _session.Apply(new SessionEvent.TasksReleased(run.Slice(3, 1)));
        _session.Take();
        _session.Apply(new SessionEvent.Disconnected("gone"));
        Assert.Equal(new SessionId(SessionDriver.Session), _session.Core.Resume.Session);

        _session.Connect(resumed: true);
        var batch = _session.Take();

        Assert.Equal(SessionDriver.Run(4), Assert.Single(batch.Submissions).Entry.Tasks);
        Assert.Single(batch.Functions);
        Assert.Equal(run.Slice(0, 2), batch.Wanted[0]);
        Assert.Equal(run.Slice(2, 1), batch.Cancelled[0]);
        Assert.Equal(run.Slice(3, 1), batch.Released[0]);
        Assert.Equal(0, _session.Core.Generation);
    }

    [Fact]
    public void What_is_acknowledged_before_it_could_be_sent_again_is_not_sent_again_and_not_kept()
    {
        _session.Submit(4);
        _session.Take();
        _session.Apply(new SessionEvent.Disconnected("gone"));
        _session.Connect(resumed: true);
        Assert.False(_session.Core.IsAcknowledged(4));

        _session.Apply(new SessionEvent.SubmissionsAcknowledged(4));

        Assert.True(_session.Core.IsAcknowledged(4));
        Assert.Equal(0, _session.Core.UnacknowledgedBytes);
        Assert.False(_session.Core.HasOutgoing);
    }

    [Fact]
    public void Tasks_that_stand_for_others_are_submitted_without_a_function()
    {
        var alias = new TaskSubmission(FunctionDefinition.Alias, SubmissionOptions.Default, 3) { InputRules = new[] { new InputRule(new TaskId(new SessionId(9), 5), 1, 1, 0) } };
        Assert.Equal(SessionDriver.Run(0, 3), _session.Accepted(new SessionEvent.TasksSubmitted(alias)));

        var batch = _session.Take();

        Assert.Empty(batch.Functions);
        Assert.Equal(0u, Assert.Single(batch.Submissions).Function);
    }

    [Fact]
    public void Submissions_made_while_disconnected_are_sent_after_the_resume()
    {
        _session.Apply(new SessionEvent.Disconnected("gone"));
        _session.Submit(2);
        Assert.False(_session.Core.HasOutgoing);

        _session.Connect(resumed: true);

        Assert.Equal(SessionDriver.Run(0, 2), Assert.Single(_session.Take().Submissions).Entry.Tasks);
    }

    [Fact]
    public void A_scheduler_that_does_not_know_the_session_fails_its_futures_and_begins_a_new_one()
    {
        _session.Submit(2);
        _session.Apply(new SessionEvent.Disconnected("gone"));

        var actions = _session.Connect(session: SessionDriver.Session, scheduler: "s2");

        Assert.Equal(FuturePhase.Lost, actions[0].Phase);
        Assert.Equal(SessionLossKind.SchedulerRestarted, _session.Core.LossOf(0).Kind);
        Assert.Contains("restarted", _session.Core.LossOf(0).Reason);
        Assert.Equal(SessionDriver.Run(0), _session.Submit());
        Assert.Equal(FuturePhase.Lost, _session.PhaseOf(0, generation: 0));
        Assert.Equal(FuturePhase.Pending, _session.PhaseOf(0, generation: 1));
    }

    [Fact]
    public void After_the_reconnect_time_the_client_refuses_work_until_a_scheduler_answers()
    {
        _session.Apply(new SessionEvent.Disconnected("gone"));
        _session.Advance(30_000);
        _session.Apply(SessionEvent.DeadlinePassed.Instance);
        var refused = _session.Apply(new SessionEvent.ValuesScattered(SessionDriver.Column(1)));
        Assert.Contains("none answered", refused[0].Text);

        _session.Connect(scheduler: "s2");

        Assert.Equal(SessionDriver.Run(0), _session.Submit());
    }

    [Fact]
    public void A_session_resumed_too_late_is_cleared_of_what_was_given_up()
    {
        _session.Submit(3);
        _session.Apply(new SessionEvent.Disconnected("gone"));
        _session.Advance(30_000);
        _session.Apply(SessionEvent.DeadlinePassed.Instance);

        _session.Connect(resumed: true);

        Assert.Equal(SessionDriver.Run(0, 3), _session.Take().Released[0]);
        Assert.Equal(SessionDriver.Run(3), _session.Submit());
    }

    [Fact]
    public void Closing_says_goodbye_and_loses_what_is_held()
    {
        _session.Submit();

        var actions = _session.Apply(SessionEvent.Closed.Instance);

        Assert.Equal(FuturePhase.Lost, actions[0].Phase);
        var batch = _session.Take();
        Assert.True(batch.Goodbye);
        Assert.Empty(batch.Submissions);
        Assert.False(_session.Core.HasOutgoing);
    }

    [Fact]
    public void Submitters_are_let_in_to_be_refused_when_the_session_is_lost()
    {
        var session = new SessionDriver(new SessionSettings { UnacknowledgedBytesMax = 10 });
        session.Submit();

        var actions = session.Apply(SessionEvent.Closed.Instance);

        Assert.Equal(SessionActionKind.AdmitSubmitters, actions[1].Kind);
    }
}
