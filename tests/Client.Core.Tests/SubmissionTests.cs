using Weft.Primitives;

namespace Weft.Client.Core.Tests;

public class SubmissionTests
{
    private readonly SessionDriver _session = new();

    [Fact]
    public void Ids_are_given_in_order_from_zero()
    {
        Assert.Equal(SessionDriver.Run(0), _session.Submit());
        Assert.Equal(SessionDriver.Run(1, 3), _session.Submit(3));
        Assert.Equal(SessionDriver.Run(4), _session.Submit());
    }

    [Fact]
    public void A_loop_of_submits_becomes_one_wide_submission()
    {
        for (var index = 0; index < 1000; index++)
        {
            _session.Submit(SessionDriver.Square, SessionDriver.Column(index));
        }

        var submission = Assert.Single(_session.Take().Submissions);
        Assert.Equal(SessionDriver.Run(0, 1000), submission.Entry.Tasks);
        Assert.Equal(1000, submission.Entry.Column.Count);
        Assert.Equal(SessionDriver.Column(999).Span(0), submission.Entry.Column.Build().Span(999));
    }

    [Fact]
    public void Submissions_with_own_inputs_merge_their_input_columns()
    {
        _session.Submit(2);
        _session.Submit(SessionDriver.Negate, SessionDriver.Column(0), null, SessionDriver.Id(0));
        _session.Submit(SessionDriver.Negate, SessionDriver.Column(0), null, SessionDriver.Id(0), SessionDriver.Id(1));

        var submissions = _session.Take().Submissions;

        Assert.Equal(2, submissions.Count);
        Assert.Equal(3 * sizeof(ulong), submissions[1].Entry.Inputs.Length);
        Assert.Equal([1, 0, 0, 0, 3, 0, 0, 0], submissions[1].Entry.InputEnds.ToArray());
    }

    [Fact]
    public void Another_function_options_or_shape_begins_another_submission()
    {
        _session.Submit();
        _session.Submit(SessionDriver.Negate, SessionDriver.Column(1));
        _session.Submit(SessionDriver.Negate, SessionDriver.Column(1), new SubmissionOptions { Priority = 1 });
        _session.Submit(SessionDriver.Negate, SessionDriver.Column(1), new SubmissionOptions { Priority = 1 }, SessionDriver.Id(0));

        var batch = _session.Take();

        Assert.Equal(4, batch.Submissions.Count);
        Assert.Equal([1u, 2u, 2u, 2u], batch.Submissions.Select(submission => submission.Function));
        Assert.Equal([0u, 0u, 1u, 1u], batch.Submissions.Select(submission => submission.Options));
        Assert.Single(batch.Options);
    }

    [Fact]
    public void What_has_been_taken_is_not_joined()
    {
        _session.Submit();
        _session.Take();
        _session.Submit();

        Assert.Equal(SessionDriver.Run(1), Assert.Single(_session.Take().Submissions).Entry.Tasks);
    }

    [Fact]
    public void A_function_is_told_once()
    {
        _session.Submit();
        Assert.Single(_session.Take().Functions);
        _session.Submit();
        Assert.Empty(_session.Take().Functions);
    }

    [Fact]
    public void Scattered_values_are_done_from_the_start()
    {
        var run = _session.Accepted(new SessionEvent.ValuesScattered(SessionDriver.Column(1, 2)));

        Assert.Equal(FuturePhase.Done, _session.PhaseOf(1));
        Assert.Equal(run, Assert.Single(_session.Take().Scattered).Tasks);
    }

    [Fact]
    public void Scattered_values_after_a_submission_wait_for_the_next_message_so_that_ids_arrive_in_order()
    {
        _session.Submit();
        _session.Accepted(new SessionEvent.ValuesScattered(SessionDriver.Column(1)));
        _session.Submit();

        var first = _session.Take();
        var second = _session.Take();

        Assert.Equal((1, 0), (first.Submissions.Count, first.Scattered.Count));
        Assert.Equal((1, 1), (second.Submissions.Count, second.Scattered.Count));
    }

    [Fact]
    public void A_message_is_closed_at_its_limit()
    {
        var session = new SessionDriver(new SessionSettings { BatchBytesMax = 1000 });
        for (var index = 0; index < 4; index++)
        {
            session.Submit(index % 2 == 0 ? SessionDriver.Square : SessionDriver.Negate, ByteColumn.Of(new byte[400]));
        }

        Assert.Equal(2, session.Take().Submissions.Count);
        Assert.Equal(2, session.Take().Submissions.Count);
        Assert.False(session.Core.HasOutgoing);
    }

    [Fact]
    public void Submitters_wait_above_the_limit_of_unacknowledged_bytes_and_are_let_in_below_it()
    {
        var session = new SessionDriver(new SessionSettings { UnacknowledgedBytesMax = 1000 });
        session.Submit(SessionDriver.Square, ByteColumn.Of(new byte[1000]));
        Assert.False(session.Core.HasRoom);
        session.Take();

        var actions = session.Apply(new SessionEvent.SubmissionsAcknowledged(1));

        Assert.Equal(SessionActionKind.AdmitSubmitters, actions[0].Kind);
        Assert.Equal(0, session.Core.UnacknowledgedBytes);
    }

    [Fact]
    public void An_acknowledgement_forgets_only_what_was_sent()
    {
        _session.Submit();
        _session.Apply(new SessionEvent.SubmissionsAcknowledged(100));

        Assert.Single(_session.Take().Submissions);
    }

    [Fact]
    public void A_live_key_is_joined_by_an_equal_definition()
    {
        var submission = Named("total", 5);

        Assert.Equal(SessionDriver.Run(0), _session.Accepted(submission));
        Assert.Equal(SessionDriver.Run(0), _session.Accepted(Named("total", 5)));
    }

    [Fact]
    public void A_live_key_is_refused_to_another_definition()
    {
        _session.Accepted(Named("total", 5));

        var actions = _session.Apply(Named("total", 6));

        Assert.Equal(SessionActionKind.RefuseSubmission, actions[0].Kind);
        Assert.Contains("'total'", actions[0].Text);
    }

    /// <summary>Behaviour 24. The warning is an exception: who submits it is refused, and what is there is left as it is.</summary>
    [Fact]
    public void Resubmitting_an_existing_key_with_a_different_dependency_set_is_detected_and_warned_about_not_silently_corrupted()
    {
        _session.Submit(3);
        var run = _session.Accepted(On(0, 1));
        _session.Take();
        foreach (var other in new[] { On(0, 2), On(0), On(1, 0), On(0, 1, 2), Named("total", 5) })
        {
            var refused = _session.Apply(other);
            Assert.Equal(SessionActionKind.RefuseSubmission, refused[0].Kind);
            Assert.Contains("'total'", refused[0].Text);
        }

        Assert.False(_session.Core.HasOutgoing);
        Assert.Equal(FuturePhase.Pending, _session.PhaseOf(run.First.Sequence));
        Assert.Equal(run, _session.Accepted(On(0, 1)));

        static SessionEvent.TasksSubmitted On(params ulong[] inputs) =>
            new(Named("total", 5).Submission with { Inputs = inputs.Select(SessionDriver.Id).ToArray() });
    }

    [Fact]
    public void A_joined_key_lives_until_its_last_holder_lets_go()
    {
        var run = _session.Accepted(Named("total", 5));
        _session.Accepted(Named("total", 5));

        _session.Apply(new SessionEvent.TasksReleased(run));
        Assert.Equal(FuturePhase.Pending, _session.PhaseOf(0));
        _session.Apply(new SessionEvent.TasksReleased(run));
        Assert.Equal(FuturePhase.Released, _session.PhaseOf(0));
        Assert.Equal(SessionDriver.Run(1), _session.Accepted(Named("total", 6)));
    }

    [Fact]
    public void Nothing_is_submitted_without_a_session()
    {
        var session = new SessionDriver(connected: false);

        Assert.Equal(SessionActionKind.RefuseSubmission, session.Apply(Named("total", 5))[0].Kind);
    }

    private static SessionEvent.TasksSubmitted Named(string key, int argument) =>
        new(new TaskSubmission(SessionDriver.Square, SubmissionOptions.Default, 1) { Key = key, Arguments = SessionDriver.Column(argument) });
}
