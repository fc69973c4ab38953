using Weft.Primitives;

namespace Weft.Client.Core;

public sealed partial class SessionCore
{
    private void OnTasksSubmitted(long time, TaskSubmission submission, SessionActionList actions)
    {
        if (!CanAdd(submission.Count, actions))
        {
            return;
        }

        if (submission.Key is { } key && _named.TryGet(key, out var named, out var definition))
        {
            JoinOrRefuse(key, named, definition, submission, actions);
            return;
        }

        var run = RunAt(_futures.Append(submission.Count), submission.Count);
        if (!_submissions.TryJoinLast(submission))
        {
            _submissions.Add(SubmissionEntry.Of(run.First, submission));
        }

        if (submission.Key is not null)
        {
            _named.Add(submission.Key, run, submission);
        }

        _story.Add(time, "submitted", run);
        actions.Add(SessionAction.Accept(run));
    }

    private void JoinOrRefuse(string key, TaskRun named, TaskSubmission definition, TaskSubmission submission, SessionActionList actions)
    {
        if (!definition.HasSameDefinition(submission))
        {
            actions.Add(SessionAction.Refuse(
                $"key '{key}' is in use by {(named.Count == 1 ? "a task" : "tasks")} with another function, arguments, inputs or options; release them first or choose another key"));
            return;
        }

        _named.Join(key);
        actions.Add(SessionAction.Accept(named));
    }

    private void OnValuesScattered(long time, SessionEvent.ValuesScattered scattered, SessionActionList actions)
    {
        if (!CanAdd(scattered.Values.Count, actions))
        {
            return;
        }

        // Scattered values are there from the start: nobody has to say so.
        var run = RunAt(_futures.Append(scattered.Values.Count), scattered.Values.Count);
        SetRun(run.First.Sequence, run.End.Sequence, new FutureState(FuturePhase.Done));
        _submissions.Add(SubmissionEntry.Scatter(run.First, scattered.Values, scattered.Holders));
        _story.Add(time, "scattered", run);
        actions.Add(SessionAction.Accept(run));
    }

    private bool CanAdd(int count, SessionActionList actions)
    {
        if (_connection is ConnectionState.None or ConnectionState.Closed)
        {
            actions.Add(SessionAction.Refuse(_losses.Count == 0 ? "there is no session yet" : _losses[^1].Reason));
            return false;
        }

        if (count <= 0 || _futures.Count + (ulong)count > TaskId.SequenceMax)
        {
            actions.Add(SessionAction.Refuse(count <= 0 ? "there are no tasks in it" : "this session has given out all of its ids; connect anew"));
            return false;
        }

        return true;
    }

    private void OnResultsWanted(long time, TaskRun run, SessionActionList actions)
    {
        if (!TryOurs(run, out var first, out var end))
        {
            return;
        }

        for (var sequence = first; sequence < end;)
        {
            var count = _futures.EqualRun(sequence, end, out var state);
            var part = RunAt(sequence, count);
            switch (state.Phase)
            {
                case FuturePhase.Pending or FuturePhase.Done when !state.Has(FutureFlags.Wanted):
                    _futures.Set(sequence, count, state.With(FutureFlags.Wanted));
                    _requests.Want(part, _submissions.Added);
                    _story.Add(time, "wanted", part);
                    break;
                case FuturePhase.Failed or FuturePhase.Cancelled:
                    TellEach(part, state.Phase, actions);
                    break;
                case FuturePhase.Released:
                    actions.Add(SessionAction.Tell(part, FuturePhase.Released, error: null));
                    break;
            }

            sequence += (ulong)count;
        }
    }

    private void OnOutcomesAsked(TaskRun run, SessionActionList actions)
    {
        if (!TryOurs(run, out var first, out var end))
        {
            return;
        }

        for (var sequence = first; sequence < end;)
        {
            var count = _futures.EqualRun(sequence, end, out var state);
            if (state.Phase != FuturePhase.Pending)
            {
                TellEach(RunAt(sequence, count), state.Phase, actions);
            }

            sequence += (ulong)count;
        }
    }

    private void OnCancelRequested(long time, TaskRun run)
    {
        if (!TryOurs(run, out var first, out var end))
        {
            return;
        }

        for (var sequence = first; sequence < end;)
        {
            var count = _futures.EqualRun(sequence, end, out var state);
            if (state.Phase == FuturePhase.Pending && !state.Has(FutureFlags.CancelAsked))
            {
                _futures.Set(sequence, count, state.With(FutureFlags.CancelAsked));
                _requests.Cancel(RunAt(sequence, count), _submissions.Added);
                _story.Add(time, "cancel asked", RunAt(sequence, count));
            }

            sequence += (ulong)count;
        }
    }

    private void OnRetryRequested(long time, TaskRun run, SessionActionList actions)
    {
        if (!TryOurs(run, out var first, out var end))
        {
            return;
        }

        for (var sequence = first; sequence < end;)
        {
            var count = _futures.EqualRun(sequence, end, out var state);
            if (state.Phase is FuturePhase.Failed or FuturePhase.Cancelled)
            {
                var part = RunAt(sequence, count);
                _futures.Set(sequence, count, new FutureState(FuturePhase.Pending, FutureFlags.RetryAsked));
                _requests.Retry(part, _submissions.Added);
                _story.Add(time, "retry asked", part);
                actions.Add(SessionAction.Tell(part, FuturePhase.Pending, error: null));
            }

            sequence += (ulong)count;
        }
    }

    private void OnTasksReleased(long time, TaskRun run)
    {
        if (!TryOurs(run, out var first, out var end) || !_named.Leave(run))
        {
            return;
        }

        for (var sequence = first; sequence < end;)
        {
            var count = _futures.EqualRun(sequence, end, out var state);
            if (state.Phase != FuturePhase.Released)
            {
                _futures.Set(sequence, count, new FutureState(FuturePhase.Released));
                _requests.Release(RunAt(sequence, count), _submissions.Added);
                _story.Add(time, "released", RunAt(sequence, count));
            }

            sequence += (ulong)count;
        }
    }

    private void SetRun(ulong first, ulong end, FutureState state)
    {
        for (var sequence = first; sequence < end;)
        {
            var count = _futures.EqualRun(sequence, end, out _);
            _futures.Set(sequence, count, state);
            sequence += (ulong)count;
        }
    }

    /// <summary>Tells a run of equal phase whose errors may differ.</summary>
    private void TellEach(TaskRun run, FuturePhase phase, SessionActionList actions)
    {
        var start = 0;
        for (var index = 1; index <= run.Count; index++)
        {
            var error = _futures.ErrorOf(run.First.Sequence + (ulong)start);
            if (index == run.Count || !ReferenceEquals(error, _futures.ErrorOf(run.First.Sequence + (ulong)index)))
            {
                actions.Add(SessionAction.Tell(run.Slice(start, index - start), phase, error));
                start = index;
            }
        }
    }
}
