using Weft.Primitives;

namespace Weft.Client.Core.Tests;

public class RequestTests
{
    private static readonly TaskError Boom = TaskError.Of(ErrorKind.UserException, SessionDriver.Id(0), "boom");

    private readonly SessionDriver _session = new();

    [Fact]
    public void A_want_is_sent_once_and_with_the_submission_it_speaks_of()
    {
        var run = _session.Submit(10);
        _session.Apply(new SessionEvent.ResultsWanted(run));
        _session.Apply(new SessionEvent.ResultsWanted(run));

        var batch = _session.Take();

        Assert.Single(batch.Submissions);
        Assert.Equal(1, batch.Wanted.Count);
        Assert.Equal(run, batch.Wanted[0]);
    }

    [Fact]
    public void A_want_does_not_overtake_a_submission_that_did_not_fit_into_the_message()
    {
        var session = new SessionDriver(new SessionSettings { BatchBytesMax = 1000 });
        session.Submit(SessionDriver.Square, ByteColumn.Of(new byte[900]));
        session.Submit(SessionDriver.Negate, ByteColumn.Of(new byte[900]));
        session.Apply(new SessionEvent.ResultsWanted(SessionDriver.Run(1)));

        Assert.Equal(0, session.Take().Wanted.Count);
        Assert.Equal(1, session.Take().Wanted.Count);
    }

    [Fact]
    public void A_stream_of_submissions_does_not_put_a_want_off_for_ever()
    {
        var session = new SessionDriver(new SessionSettings { BatchBytesMax = 1000 });
        var first = session.Submit(SessionDriver.Square, ByteColumn.Of(new byte[900]));
        session.Apply(new SessionEvent.ResultsWanted(first));
        var messages = 0;
        for (var seen = 0; seen == 0; messages++)
        {
            for (var index = 0; index < 2; index++)
            {
                var run = session.Submit(index % 2 == 0 ? SessionDriver.Square : SessionDriver.Negate, ByteColumn.Of(new byte[900]));
                session.Apply(new SessionEvent.ResultsWanted(run));
            }

            seen = session.Take().Wanted.Count;
            Assert.True(messages < 10);
        }
    }

    [Fact]
    public void Values_go_to_who_wants_them_and_end_the_want()
    {
        var run = _session.Submit(3);
        _session.Apply(new SessionEvent.ResultsWanted(run.Slice(1, 2)));

        var actions = _session.Apply(new SessionEvent.ValuesArrived(run, SessionDriver.Column(10, 11, 12)));

        Assert.Equal(SessionActionKind.TellOutcome, actions[0].Kind);
        Assert.Equal(SessionActionKind.DeliverValues, actions[1].Kind);
        Assert.Equal(SessionDriver.Run(1, 2), actions[1].Tasks);
        Assert.Equal(SessionDriver.Column(12).Span(0), actions[1].Values.Span(1));
        Assert.Equal(1, _session.Core.Dropped[DropReason.NotWanted]);
    }

    [Fact]
    public void A_second_copy_of_a_value_is_dropped_and_counted()
    {
        var run = _session.Submit();
        _session.Apply(new SessionEvent.ResultsWanted(run));
        _session.Apply(new SessionEvent.ValuesArrived(run, SessionDriver.Column(1)));

        Assert.Equal(0, _session.Apply(new SessionEvent.ValuesArrived(run, SessionDriver.Column(1))).Count);
        Assert.Equal(1, _session.Core.Dropped[DropReason.NotWanted]);
    }

    [Fact]
    public void A_located_result_is_to_be_fetched()
    {
        var run = _session.Submit();
        _session.Apply(new SessionEvent.ResultsWanted(run));
        var location = new ResultLocation(1 << 20, [new ResultHolder("host:1", "")], new TaskId(1));

        var actions = _session.Apply(new SessionEvent.ResultLocated(run.First, location));

        Assert.Equal(SessionAction.Fetch(run.First, location), actions[1]);
    }

    [Fact]
    public void Wanting_a_failed_task_tells_its_error_at_once()
    {
        var run = _session.Submit(3);
        _session.Tell(run.Slice(0, 1), FuturePhase.Failed, Boom);
        _session.Tell(run.Slice(1, 1), FuturePhase.Failed, Boom);

        var actions = _session.Apply(new SessionEvent.ResultsWanted(run));

        Assert.Equal(1, actions.Count);
        Assert.Equal(SessionAction.Tell(run.Slice(0, 2), FuturePhase.Failed, Boom), actions[0]);
    }

    [Fact]
    public void Outcomes_are_told_once_and_a_failed_input_that_ran_again_for_a_dependent_is_done()
    {
        var run = _session.Submit();
        _session.Tell(run, FuturePhase.Failed, Boom);
        _session.Tell(run, FuturePhase.Failed, Boom);
        Assert.Equal(1, _session.Core.Dropped[DropReason.Duplicate]);

        _session.Tell(run, FuturePhase.Done);

        Assert.Equal(FuturePhase.Done, _session.PhaseOf(0));
    }

    [Fact]
    public void An_outcome_that_is_taken_back_makes_the_task_pending_and_keeps_its_want()
    {
        var run = _session.Submit();
        _session.Apply(new SessionEvent.ResultsWanted(run));
        _session.Tell(run, FuturePhase.Done);
        _session.Tell(run, FuturePhase.Pending);
        Assert.Equal(FuturePhase.Pending, _session.PhaseOf(0));

        var actions = _session.Apply(new SessionEvent.ValuesArrived(run, SessionDriver.Column(1)));

        Assert.Equal(SessionActionKind.DeliverValues, actions[1].Kind);
    }

    [Fact]
    public void Cancelling_asks_only_for_what_is_pending()
    {
        var run = _session.Submit(3);
        _session.Take();
        _session.Tell(run.Slice(1, 1), FuturePhase.Done);

        _session.Apply(new SessionEvent.CancelRequested(run));

        var batch = _session.Take();
        Assert.Equal(2, batch.Cancelled.Count);
        Assert.Equal(FuturePhase.Pending, _session.PhaseOf(0));
    }

    [Fact]
    public void A_retried_task_is_pending_again_and_its_want_follows_in_a_message_of_its_own()
    {
        var run = _session.Submit();
        _session.Take();
        _session.Tell(run, FuturePhase.Failed, Boom);
        _session.Apply(new SessionEvent.RetryRequested(run));
        _session.Apply(new SessionEvent.ResultsWanted(run));
        Assert.Equal(FuturePhase.Pending, _session.PhaseOf(0));
        Assert.Null(_session.Core.ErrorOf(0, run.First));

        var first = _session.Take();
        var second = _session.Take();

        Assert.Equal((1, 0), (first.Retried.Count, first.Wanted.Count));
        Assert.Equal((0, 1), (second.Retried.Count, second.Wanted.Count));
    }

    [Fact]
    public void Released_tasks_are_told_in_runs_and_hear_nothing_more()
    {
        _session.Submit(5);
        for (var index = 0UL; index < 5; index++)
        {
            _session.Apply(new SessionEvent.TasksReleased(SessionDriver.Run(index)));
        }

        Assert.Equal(SessionDriver.Run(0, 5), _session.Take().Released[0]);
        _session.Tell(SessionDriver.Run(2), FuturePhase.Done);
        Assert.Equal(1, _session.Core.Dropped[DropReason.ReleasedTask]);
    }

    [Fact]
    public void Releasing_twice_tells_once()
    {
        var run = _session.Submit(2);
        _session.Apply(new SessionEvent.TasksReleased(run.Slice(0, 1)));
        _session.Apply(new SessionEvent.TasksReleased(run));
        _session.Apply(new SessionEvent.TasksReleased(run));

        var released = _session.Take().Released;
        Assert.Equal(1, released.Count);
        Assert.Equal(run, released[0]);
    }

    [Fact]
    public void Notices_of_unknown_tasks_and_other_sessions_are_dropped_and_counted()
    {
        _session.Submit();
        _session.Tell(SessionDriver.Run(0, 5), FuturePhase.Done);
        _session.Tell(new TaskRun(new TaskId(new SessionId(99), 0)), FuturePhase.Done);
        _session.Apply(new SessionEvent.ValuesArrived(SessionDriver.Run(0, 3), SessionDriver.Column(1)));

        Assert.Equal(FuturePhase.Done, _session.PhaseOf(0));
        Assert.Equal(4, _session.Core.Dropped[DropReason.UnknownTask]);
        Assert.Equal(1, _session.Core.Dropped[DropReason.OtherSession]);
        Assert.Equal(1, _session.Core.Dropped[DropReason.Malformed]);
    }

    [Fact]
    public void The_story_tells_a_tasks_life()
    {
        var run = _session.Submit();
        _session.Apply(new SessionEvent.ResultsWanted(run));
        _session.Tell(run, FuturePhase.Done);

        var story = _session.Core.Story(run.First);

        Assert.Contains("submitted", story);
        Assert.Contains("wanted", story);
        Assert.Contains("done", story);
    }
}
