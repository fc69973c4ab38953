using Weft.Primitives;

namespace Weft.Worker.Core;

/// <summary>Inputs by id: where they come from, and what becomes ready when they are there.</summary>
public sealed partial class WorkerCore
{
    private bool HasInputs(InputIds inputs, int place)
    {
        var count = inputs.CountOf(place);
        for (var input = 0; input < count; input++)
        {
            if (!_stored.Contains(inputs[place, input]))
            {
                return false;
            }
        }

        return true;
    }

    private bool HasInputs(LocalRange range)
    {
        if (range.Assignment.Inputs is not { } inputs || range.RemovalsSeen == _stored.Removals)
        {
            return true;
        }

        var place = range.Assignment.PlaceOf(range.Run.First);
        for (var offset = 0; offset < range.Run.Count; offset++)
        {
            if (!HasInputs(inputs, place + offset))
            {
                return false;
            }
        }

        range.RemovalsSeen = _stored.Removals;
        return true;
    }

    private void Block(LocalRange range, WorkerActionList actions)
    {
        range.Phase = LocalPhase.Blocked;
        range.Awaited = new List<AwaitedInput>(1);
        var inputs = range.Assignment.Inputs!;
        var place = range.Assignment.PlaceOf(range.Run.First);
        var count = inputs.CountOf(place);
        for (var input = 0; input < count; input++)
        {
            var id = inputs[place, input];
            if (!_stored.Contains(id))
            {
                var awaited = Await(id, actions);
                awaited.Waiters.Add(range);
                awaited.LiveWaiters++;
                range.Awaited.Add(awaited);
                range.Unmet++;
            }
        }
    }

    /// <summary>A blocked range is withdrawn: what only it waited for is not needed any more.</summary>
    private void Unblock(LocalRange range)
    {
        range.Phase = LocalPhase.Gone;
        foreach (var input in range.Awaited!)
        {
            // What is under way is left to arrive, or two fetches of it could be.
            if (input.Source != InputSource.Gone && --input.LiveWaiters == 0 && input.Source != InputSource.Fetching)
            {
                Forget(input);
            }
        }
    }

    private void Forget(AwaitedInput input)
    {
        input.Source = InputSource.Gone;
        _awaited.Remove(input.Id);
    }

    private AwaitedInput Await(TaskId id, WorkerActionList actions)
    {
        if (!_awaited.TryGetValue(id, out var input))
        {
            _awaited.Add(id, input = new AwaitedInput(id));
            FindSource(input, actions);
        }

        return input;
    }

    private void FindSource(AwaitedInput input, WorkerActionList actions)
    {
        if (IsMadeHere(input.Id))
        {
            input.Source = InputSource.LocalAttempt;
        }
        else if (_holders.Find(input.Id) is not { } holders || !TryFetch(input, holders.SizeBytes, holders.Peers))
        {
            ReportMissing(input, actions);
        }
    }

    private bool TryFetch(AwaitedInput input, long sizeBytes, Peer[] peers)
    {
        input.Holders = peers;
        input.SizeBytes = Math.Max(0, sizeBytes);
        input.Tried = 0;
        return _fetches.TryEnqueue(input);
    }

    private void ReportMissing(AwaitedInput input, WorkerActionList actions)
    {
        input.Source = InputSource.Missing;
        _story.Add(_nowMs, StoryStep.Missing, new TaskRun(input.Id));
        WorkerReports.Append(actions.Reports.Missing, new TaskRun(input.Id));
    }

    private bool IsMadeHere(TaskId id)
    {
        if (_ranges.Find(id) is not null)
        {
            return true;
        }

        foreach (var work in _slots)
        {
            if (work is not null && work.Rest.Contains(id) && !work.IsCancelled(id))
            {
                return true;
            }
        }

        foreach (var work in _waits)
        {
            if (work.Rest.Contains(id) && !work.IsCancelled(id))
            {
                return true;
            }
        }

        return false;
    }

    private void OnValuesGiven(ValuesGiven given, WorkerActionList actions)
    {
        var sizes = new long[given.Run.Count];
        for (var offset = 0; offset < sizes.Length; offset++)
        {
            sizes[offset] = given.Values.LengthOf(offset);
        }

        _story.Add(_nowMs, StoryStep.Given, given.Run);
        actions.Keeps.Add(new KeepValues(given.Run, given.Values));
        Store(given.Run, sizes, Attempt.None);
        if (given.Confirm)
        {
            WorkerReports.Append(actions.Reports.Held, given.Run);
        }
    }

    private void OnHoldersNamed(HoldersNamed named)
    {
        if (named.Peers.Length == 0)
        {
            return;
        }

        _holders.Add(named.Run, named.SizeBytes, named.Peers);
        FindAwaited(named.Run);
        foreach (var input in _inputs)
        {
            if (input.Source == InputSource.Missing || (input.Source == InputSource.LocalAttempt && !IsMadeHere(input.Id)))
            {
                TryFetch(input, named.SizeBytes, named.Peers);
            }
            else
            {
                // Should the present way fail, these are asked next.
                input.Holders = named.Peers;
                input.Tried = 0;
            }
        }
    }

    private void OnCopiesAsked(HoldersNamed holders, Attempt attempt, WorkerActionList actions)
    {
        if (holders.Peers.Length == 0)
        {
            WorkerReports.Append(actions.Reports.Missing, holders.Run);
            return;
        }

        _holders.Add(holders.Run, holders.SizeBytes, holders.Peers);
        for (var offset = 0; offset < holders.Run.Count; offset++)
        {
            var run = holders.Run.Slice(offset, 1);
            if (_stored.Contains(run.First))
            {
                _stored.Own(run.First, attempt);
                WorkerReports.Append(actions.Reports.Held, run);
                continue;
            }

            if (IsPaused)
            {
                // Refused: the scheduler hears, or has heard, that it is paused, and asks another.
                continue;
            }

            if (!_awaited.TryGetValue(run.First, out var input))
            {
                _awaited.Add(run.First, input = new AwaitedInput(run.First) { IsCopy = true, LiveWaiters = 1 });
                FindSource(input, actions);
            }
            else if (!input.IsCopy)
            {
                input.IsCopy = true;
                input.LiveWaiters++;
            }

            input.Attempt = attempt;
            LetGoOfMissingCopy(input);
        }
    }

    /// <summary>A copy that could not be had was reported missing: another worker is asked for it.</summary>
    private void LetGoOfMissingCopy(AwaitedInput input)
    {
        if (input is { IsCopy: true, Source: InputSource.Missing })
        {
            input.IsCopy = false;
            if (--input.LiveWaiters == 0)
            {
                Forget(input);
            }
        }
    }

    private void OnValueFetched(ValueFetched fetched, WorkerActionList actions)
    {
        var run = new TaskRun(fetched.Task);
        if (_fetches.Take(fetched.Fetch, fetched.Task) is null)
        {
            Drop(DropReason.UnknownFetch);
        }
        else if (_stored.Contains(fetched.Task))
        {
            Drop(DropReason.DuplicateValue);
        }
        else if (_awaited.TryGetValue(fetched.Task, out var input) && input.LiveWaiters > 0)
        {
            _story.Add(_nowMs, StoryStep.Fetched, run);
            WorkerReports.Append(actions.Reports.Held, run);
            Store(run, new[] { Math.Max(0, fetched.SizeBytes) }, input.Attempt);
        }
        else
        {
            Drop(DropReason.UnwantedValue);
            actions.Frees.Add(run);
            if (input is not null)
            {
                Forget(input);
            }
        }
    }

    private void OnFetchEnded(FetchEnded ended, WorkerActionList actions)
    {
        _inputs.Clear();
        if (!_fetches.End(ended.Fetch, ended.Outcome, _inputs))
        {
            Drop(DropReason.UnknownFetch);
            return;
        }

        foreach (var input in _inputs)
        {
            if (input.Source == InputSource.Gone)
            {
                continue;
            }

            _story.Add(_nowMs, StoryStep.FetchFailed, new TaskRun(input.Id));
            if (input.LiveWaiters == 0)
            {
                Forget(input);
            }
            else if (!_fetches.TryEnqueue(input))
            {
                _holders.Forget(new TaskRun(input.Id));
                FindSource(input, actions);
                LetGoOfMissingCopy(input);
            }
        }
    }

    private void OnFreeAsked(TaskRun run, WorkerActionList actions)
    {
        _holders.Forget(run);
        var before = actions.Frees.Count;
        _stored.Remove(run, actions.Frees);
        if (actions.Frees.Count == before)
        {
            Drop(DropReason.UnknownFree);
        }
        else
        {
            _story.Add(_nowMs, StoryStep.Freed, run);
        }
    }

    /// <summary>Values are in the store now: what waited for nothing else is ready.</summary>
    private void Store(TaskRun run, ReadOnlyMemory<long> sizes, Attempt attempt)
    {
        if (!_stored.Add(run, sizes, attempt))
        {
            Drop(DropReason.DuplicateValue);
        }

        if (_awaited.Count == 0)
        {
            return;
        }

        for (var offset = 0; offset < run.Count; offset++)
        {
            if (_awaited.Remove(run.First + offset, out var input))
            {
                Satisfy(input);
            }
        }
    }

    private void Satisfy(AwaitedInput input)
    {
        input.Source = InputSource.Gone;
        foreach (var range in input.Waiters)
        {
            if (range.Phase == LocalPhase.Blocked && --range.Unmet == 0)
            {
                range.RemovalsSeen = -1;
                range.Awaited = null;
                _ready.Add(range);
            }
        }
    }

    /// <summary>Results were sent away and not kept; should tasks here need them all the same, they are asked for.</summary>
    private void ReportNotKept(TaskRun run, WorkerActionList actions)
    {
        if (_awaited.Count == 0)
        {
            return;
        }

        FindAwaited(run);
        foreach (var input in _inputs)
        {
            if (input.Source == InputSource.LocalAttempt)
            {
                ReportMissing(input, actions);
                LetGoOfMissingCopy(input);
            }
        }
    }

    private void FindAwaited(TaskRun run)
    {
        _inputs.Clear();
        if (run.Count <= _awaited.Count)
        {
            for (var offset = 0; offset < run.Count; offset++)
            {
                if (_awaited.TryGetValue(run.First + offset, out var input))
                {
                    _inputs.Add(input);
                }
            }

            return;
        }

        foreach (var input in _awaited.Values)
        {
            if (run.Contains(input.Id))
            {
                _inputs.Add(input);
            }
        }

        _inputs.Sort(static (left, right) => left.Id.CompareTo(right.Id));
    }
}
