using Weft.Primitives;

namespace Weft.Worker.Core;

/// <summary>What slots take, report, give back, and leave while they wait inside.</summary>
public sealed partial class WorkerCore
{
    private void FillSlots(WorkerActionList actions)
    {
        while (_free.Count > 0)
        {
            if (_resuming.TryDequeue(out var resumed))
            {
                Resume(resumed, actions);
                continue;
            }

            if (_outboxFull || _isDraining || IsPaused || _ready.Peek() is not { } range)
            {
                return;
            }

            if (HasInputs(range))
            {
                Begin(range, actions);
                continue;
            }

            // An input was freed while the range waited for its turn.
            _ready.Dequeue();
            _ranges.Remove(range);
            QueuedTasks -= range.Run.Count;
            Admit(range.Assignment, range.Run, range.Arrival, actions);
        }
    }

    private void Begin(LocalRange range, WorkerActionList actions)
    {
        // A run limit is a limit of one task, so its clock starts with it.
        var count = range.Assignment.RunTimeoutMs > 0 ? 1 : _times.ChunkOf(range.Assignment.Function, range.Run.Count, _slots.Length);
        var chunk = range.Run.Slice(0, count);
        if (count == range.Run.Count)
        {
            _ready.Dequeue();
            _ranges.Remove(range);
        }
        else
        {
            range.Run = range.Run.Slice(count, range.Run.Count - count);
            _ready.Requeue(range);
        }

        QueuedTasks -= count;
        var slot = _free.Pop();
        _slots[slot] = new SlotWork(range.Assignment, chunk, range.Arrival, _nowMs);
        _story.Add(_nowMs, StoryStep.Begun, chunk, range.Assignment.Attempt, slot);
        actions.Runs.Add(new RunAttempts(slot, range.Assignment, chunk));
    }

    private void OnAttemptsCompleted(AttemptsCompleted completed, WorkerActionList actions)
    {
        var run = completed.Tasks.Run;
        if (WorkOf(completed.Slot, completed.Tasks) is not { } work
            || (completed.Values.Count != 0 && completed.Values.Count != run.Count)
            || (completed.StoredBytes.Length != 0 && completed.StoredBytes.Length != run.Count)
            || completed.Values.Count + completed.StoredBytes.Length == 0)
        {
            Drop(DropReason.StaleReport);
            return;
        }

        _times.Observe(work.Assignment.Function, completed.DurationNs, run.Count);
        if (work.Cancelled is null)
        {
            Complete(completed, run, actions);
        }
        else
        {
            CompletePartly(completed, work, actions);
        }

        Advance(completed.Slot, work, run.Count);
    }

    private void Complete(AttemptsCompleted completed, TaskRun members, WorkerActionList actions)
    {
        var offset = (int)(members.First - completed.Tasks.Run.First);
        var sizes = completed.StoredBytes.IsEmpty ? default : completed.StoredBytes.Slice(offset, members.Count);
        var values = completed.Values.Count == 0 ? default : completed.Values.Slice(offset, members.Count);
        _story.Add(_nowMs, StoryStep.Completed, members, completed.Tasks.Attempt, completed.Slot);
        actions.Reports.Complete(new CompletedRun(
            new AttemptRun(members, completed.Tasks.Attempt),
            completed.DurationNs * members.Count / completed.Tasks.Run.Count,
            values,
            values.Count > 0 ? default : sizes));
        if (sizes.IsEmpty)
        {
            ReportNotKept(members, actions);
        }
        else
        {
            Store(members, sizes, values.Count > 0 ? Attempt.None : completed.Tasks.Attempt);
        }
    }

    private void CompletePartly(AttemptsCompleted completed, SlotWork work, WorkerActionList actions)
    {
        _wanted.Clear();
        _unwanted.Clear();
        work.SplitWanted(completed.Tasks.Run, _wanted, _unwanted);
        foreach (var members in _wanted)
        {
            Complete(completed, members, actions);
        }

        foreach (var members in _unwanted)
        {
            Drop(DropReason.CancelledResult);
            if (!completed.StoredBytes.IsEmpty)
            {
                FreeUnknown(members, actions);
            }
        }
    }

    /// <summary>Drops values that the shell has stored and the core will not own; what it owns already stays.</summary>
    private void FreeUnknown(TaskRun members, WorkerActionList actions)
    {
        for (var offset = 0; offset < members.Count; offset++)
        {
            if (!_stored.Contains(members.First + offset))
            {
                WorkerReports.Append(actions.Frees, members.Slice(offset, 1));
            }
        }
    }

    private void OnAttemptFailed(AttemptFailed failed, WorkerActionList actions)
    {
        var tasks = new AttemptRun(new TaskRun(failed.Task), failed.Attempt);
        if (WorkOf(failed.Slot, tasks) is not { } work)
        {
            Drop(DropReason.StaleReport);
            return;
        }

        _times.Observe(work.Assignment.Function, failed.DurationNs, 1);
        if (work.IsCancelled(failed.Task))
        {
            Drop(DropReason.CancelledResult);
        }
        else
        {
            _story.Add(_nowMs, StoryStep.Failed, tasks.Run, failed.Attempt, failed.Slot);
            actions.Reports.Fail(new FailedTask(failed.Task, failed.Attempt, failed.DurationNs, failed.Error));
        }

        Advance(failed.Slot, work, 1);
    }

    private void OnAttemptsYielded(AttemptsYielded yielded, WorkerActionList actions)
    {
        var rest = yielded.Rest.Run;
        if ((uint)yielded.Slot >= (uint)_slots.Length
            || _slots[yielded.Slot] is not { } work
            || work.Assignment.Attempt != yielded.Rest.Attempt
            || rest.Count > work.Rest.Count
            || rest.Count < 0
            || (rest.Count > 0 && rest.End != work.Rest.End))
        {
            Drop(DropReason.StaleReport);
            return;
        }

        work.YieldAsked = false;
        work.Rest = work.Rest.Slice(0, work.Rest.Count - rest.Count);
        GiveBack(work, rest, yielded.Slot);
        if (work.Rest.Count == 0)
        {
            Vacate(yielded.Slot);
        }
        else if (_nowMs - work.BeganMs >= _limits.StartedAfterMs)
        {
            TellStarted(work, actions);
        }
    }

    private void GiveBack(SlotWork work, TaskRun rest, int slot)
    {
        if (rest.Count == 0)
        {
            return;
        }

        _story.Add(_nowMs, StoryStep.Yielded, rest, work.Assignment.Attempt, slot);
        _wanted.Clear();
        _unwanted.Clear();
        work.SplitWanted(rest, _wanted, _unwanted);
        foreach (var members in _wanted)
        {
            // Removals unseen: whether its inputs are still here is looked up when its turn comes.
            AddReady(new LocalRange(work.Assignment, members, work.Arrival) { RemovalsSeen = -1 });
        }
    }

    private void OnAttemptWaits(AttemptWaits waits, WorkerActionList actions)
    {
        var tasks = new AttemptRun(new TaskRun(waits.Task), waits.Attempt);
        if (WorkOf(waits.Slot, tasks) is not { Rest.Count: 1 } work)
        {
            Drop(DropReason.UnknownWait);
            return;
        }

        if (_waits.Count >= _limits.WaitsMax)
        {
            Drop(DropReason.TooManyWaits);
            return;
        }

        _story.Add(_nowMs, StoryStep.Waits, tasks.Run, waits.Attempt, waits.Slot);
        work.Wait = WaitPhase.Waiting;
        _waits.Add(work);
        Vacate(waits.Slot);
        if (!work.IsCancelled(waits.Task))
        {
            WorkerReports.Append(actions.Reports.WaitingInside, tasks);
        }
    }

    private void OnAttemptCanResume(AttemptCanResume canResume, WorkerActionList actions)
    {
        foreach (var work in _waits)
        {
            if (work.Wait == WaitPhase.Waiting && work.Rest.First == canResume.Task && work.Assignment.Attempt == canResume.Attempt)
            {
                _story.Add(_nowMs, StoryStep.CanResume, work.Rest, canResume.Attempt);
                work.Wait = WaitPhase.CanResume;
                _resuming.Enqueue(work);
                return;
            }
        }

        // One that was not let go kept its slot: it goes on where it is.
        for (var slot = 0; slot < _slots.Length; slot++)
        {
            if (_slots[slot] is { } work && work.Rest.First == canResume.Task && work.Assignment.Attempt == canResume.Attempt)
            {
                actions.Resumes.Add(new ResumeAttempt(slot, canResume.Task, canResume.Attempt));
                return;
            }
        }

        Drop(DropReason.UnknownWait);
    }

    private void Resume(SlotWork work, WorkerActionList actions)
    {
        var slot = _free.Pop();
        _waits.Remove(work);
        work.Wait = WaitPhase.None;
        _slots[slot] = work;
        _story.Add(_nowMs, StoryStep.Resumed, work.Rest, work.Assignment.Attempt, slot);
        actions.Resumes.Add(new ResumeAttempt(slot, work.Rest.First, work.Assignment.Attempt));
        if (!work.IsCancelled(work.Rest.First))
        {
            WorkerReports.Append(actions.Reports.ResumedInside, work.Tasks);
        }
    }

    private void OnDeadlinePassed(WorkerActionList actions)
    {
        for (var slot = 0; slot < _slots.Length; slot++)
        {
            if (_slots[slot] is not { StartedTold: false, YieldAsked: false } work || _nowMs - work.BeganMs < _limits.StartedAfterMs)
            {
                continue;
            }

            if (work.Rest.Count == 1)
            {
                TellStarted(work, actions);
            }
            else
            {
                // Its tasks take longer than was thought: the rest must not wait behind the one that runs.
                work.YieldAsked = true;
                actions.Yields.Add(slot);
            }
        }
    }

    private void TellStarted(SlotWork work, WorkerActionList actions)
    {
        if (work.StartedTold)
        {
            return;
        }

        work.StartedTold = true;
        _wanted.Clear();
        _unwanted.Clear();
        work.SplitWanted(work.Rest, _wanted, _unwanted);
        foreach (var run in _wanted)
        {
            WorkerReports.Append(actions.Reports.Started, new AttemptRun(run, work.Assignment.Attempt));
        }
    }

    /// <summary>The slot's chunk, if these are its next members to be reported.</summary>
    private SlotWork? WorkOf(int slot, AttemptRun tasks) =>
        (uint)slot < (uint)_slots.Length
        && _slots[slot] is { } work
        && work.Assignment.Attempt == tasks.Attempt
        && work.Rest.First == tasks.Run.First
        && tasks.Run.Count > 0
        && tasks.Run.Count <= work.Rest.Count
            ? work
            : null;

    private void Advance(int slot, SlotWork work, int count)
    {
        work.Rest = work.Rest.Slice(count, work.Rest.Count - count);
        if (work.Rest.Count == 0)
        {
            Vacate(slot);
        }
    }

    private void Vacate(int slot)
    {
        _slots[slot] = null;
        _free.Push(slot);
    }
}
