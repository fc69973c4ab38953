using Weft.Primitives;

namespace Weft.Scheduler.Core;

/// <summary>What workers report of their attempts.</summary>
public sealed partial class SchedulerCore
{
    /// <summary>The largest result that is believed: sums of a message's sizes stay far from overflowing.</summary>
    private const long StoredBytesMax = 1L << 40;

    private void OnWorkerSpoke(WorkerSpoke spoke)
    {
        if (!_workers.TryGetValue(spoke.Worker.Value, out var worker))
        {
            Drops.Add(DropReason.UnknownWorker);
            return;
        }

        worker.LastHeardMs = _nowMs;
        foreach (var run in spoke.Started)
        {
            OnStarted(worker, run);
        }

        foreach (var run in spoke.Completed)
        {
            OnCompleted(worker, run);
        }

        foreach (var failed in spoke.Failed)
        {
            OnAttemptFailed(worker, failed);
        }

        foreach (var run in spoke.Retracted)
        {
            OnRetracted(worker, run);
        }

        foreach (var run in spoke.NotRetracted)
        {
            OnNotRetracted(worker, run);
        }

        foreach (var run in spoke.Missing)
        {
            OnMissing(worker, run);
        }

        foreach (var run in spoke.Held)
        {
            OnHeld(worker, run);
        }

        foreach (var run in spoke.WaitingInside)
        {
            OnWaitingInside(worker, run, isWaiting: true);
        }

        foreach (var run in spoke.ResumedInside)
        {
            OnWaitingInside(worker, run, isWaiting: false);
        }

        if (spoke.Pauses > 0)
        {
            OnPauses(worker, spoke.Pauses);
        }

        if (spoke.Leaving is { } reason)
        {
            OnLeaving(worker, reason, mayRefuse: false);
        }
    }

    /// <summary>The tasks of a run whose current attempt is this one, at this worker. All others are stale, and counted.</summary>
    private IEnumerable<int> CurrentSlots(WorkerEntry worker, TaskRun run, Attempt attempt, TaskCause cause)
    {
        for (var rest = run; rest.Count > 0;)
        {
            var length = _tasks.Part(rest, out var slot);
            for (var i = 0; i < length; i++)
            {
                if (slot < 0 || !_tasks.IsLive(slot + i))
                {
                    Drops.Add(DropReason.UnknownTask);
                    continue;
                }

                Met.Add(_tasks.Phase[slot + i], cause);
                if (IsCurrent(slot + i, worker, attempt) || TryAdopt(slot + i, worker, attempt))
                {
                    yield return slot + i;
                }
                else
                {
                    Drops.Add(DropReason.StaleAttempt);
                }
            }

            rest = rest.Slice(length, rest.Count - length);
        }
    }

    private bool IsCurrent(int slot, WorkerEntry worker, Attempt attempt) =>
        attempt == _tasks.Attempt[slot]
        && IsAtWorker(slot)
        && _tasks.Worker[slot] == worker.Id.Value;

    private void OnStarted(WorkerEntry worker, AttemptRun started)
    {
        foreach (var slot in CurrentSlots(worker, started.Run, started.Attempt, TaskCause.Started))
        {
            Start(slot, worker);
        }
    }

    private void Start(int slot, WorkerEntry worker)
    {
        if (_tasks.Phase[slot] == TaskPhase.Assigned)
        {
            SetPhase(slot, TaskPhase.Running, "started");
            worker.Running++;
        }
    }

    /// <param name="worker">Who says so.</param>
    /// <param name="completed">What ended.</param>
    /// <param name="isAnnounced">The worker comes back and has the results. Said again later of results that stay there, it may be of what was freed since.</param>
    private void OnCompleted(WorkerEntry worker, CompletedRun completed, bool isAnnounced = false)
    {
        var run = completed.Run;
        var isStored = completed.IsStored;
        var mayAdopt = isAnnounced || !isStored;
        if (isStored ? !AreSizes(completed.StoredBytes, run.Count) : !completed.Values.IsWellFormed(run.Count))
        {
            Drops.Add(DropReason.Malformed);
            return;
        }

        // This is the hottest loop there is: no iterator, and what a run has in common is done once.
        var chunk = isStored ? TaskTable.None : _values.Add(completed.Values.Data);
        var accepted = 0;
        long bytes = isStored ? completed.StoredBytes.Sum() : completed.Values.Bytes.Length;
        var function = TaskTable.None;
        var done = 0;
        var noteFrom = -1;
        for (var rest = run; rest.Count > 0;)
        {
            var length = _tasks.Part(rest, out var first);
            for (var i = 0; i < length; i++)
            {
                var slot = first + i;
                if (first < 0 || !_tasks.IsLive(slot) || !(IsCurrent(slot, worker, completed.Attempt) || (mayAdopt && TryAdopt(slot, worker, completed.Attempt))))
                {
                    NoteAccepted(completed, ref noteFrom, done + i);
                    OnStaleCompletion(worker, rest.First + i, first < 0 ? TaskTable.None : slot);
                    continue;
                }

                Met.Add(_tasks.Phase[slot], TaskCause.Completed);
                accepted++;
                noteFrom = noteFrom < 0 ? done + i : noteFrom;
                function = SubmissionOf(slot).Spec.Function;
                if (isStored)
                {
                    Clear(slot, TaskFlags.Adopted);
                }

                Unlink(slot);
                if (isStored)
                {
                    StoreAt(worker, slot, completed.StoredBytes[done + i]);
                }
                else
                {
                    SetValue(slot, chunk, completed.Values.StartOf(done + i), completed.Values.LengthOf(done + i));
                }

                Finish(slot, "completed");
            }

            done += length;
            rest = rest.Slice(length, rest.Count - length);
        }

        NoteAccepted(completed, ref noteFrom, run.Count);
        if (chunk != TaskTable.None)
        {
            HoldChunk(chunk, accepted);
        }

        if (accepted > 0)
        {
            Completed += accepted;
            if (completed.DurationNs > 0)
            {
                _times.Record(function, run.Count, completed.DurationNs, bytes);
            }
        }

        SweepStored(worker);
    }

    private static bool AreSizes(IReadOnlyList<long> sizes, int count)
    {
        if (sizes.Count != count)
        {
            return false;
        }

        foreach (var bytes in sizes)
        {
            if (bytes is < 0 or > StoredBytesMax)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>An attempt ended that is no longer the task's: its worker must not keep a result that nobody knows of.</summary>
    private void OnStaleCompletion(WorkerEntry worker, TaskId id, int slot)
    {
        if (slot < 0 || !_tasks.IsLive(slot))
        {
            Drops.Add(DropReason.UnknownTask);
        }
        else
        {
            Drops.Add(DropReason.StaleAttempt);
            Met.Add(_tasks.Phase[slot], TaskCause.Completed);
            if (IsHeldBy(slot, worker.Id.Value) || (IsAtWorker(slot) && _tasks.Worker[slot] == worker.Id.Value))
            {
                return;
            }
        }

        _actions.AddRun(ActionKind.Free, worker.Id.Value, new TaskRun(id));
    }

    private void HoldChunk(int chunk, int count)
    {
        if (count > 0)
        {
            _values.Hold(chunk, count);
        }
        else
        {
            _values.Release(chunk, 0);
        }
    }

    /// <summary>A task has its result: wakes who waits for it, and lets go of what it consumed.</summary>
    private void Finish(int slot, string cause)
    {
        SetPhase(slot, TaskPhase.Done, cause);
        WakeDependents(slot);
        EndConsumption(slot);

        // A new outcome: what the client was told before, or is taken to have been told by a session that came back, does not count.
        Clear(slot, TaskFlags.Told);
        if (Has(slot, TaskFlags.Inline))
        {
            CutLineage(slot);
            if (_tasks.Consumers[slot] == 0)
            {
                FreeCopies(slot);
            }
        }

        Tell(slot);
        DropIfUnneeded(slot);
    }

    private void WakeDependents(int slot)
    {
        for (var edge = _tasks.FirstEdge[slot]; edge != EdgeTable.None; edge = _edges.NextOf(edge))
        {
            var dependent = _tasks.Find(_edges.TargetOf(edge));
            if (dependent >= 0)
            {
                Met.Add(_tasks.Phase[dependent], TaskCause.InputDone);
                if (--_tasks.Unmet[dependent] == 0 && _tasks.Phase[dependent] == TaskPhase.Waiting)
                {
                    MakeReady(dependent, "inputs done");
                }
            }
        }

        _edges.Clear(ref _tasks.FirstEdge[slot]);
    }

    private void OnAttemptFailed(WorkerEntry worker, FailedAttempt failed)
    {
        foreach (var slot in CurrentSlots(worker, new TaskRun(failed.Task), failed.Attempt, TaskCause.AttemptFailed))
        {
            var entry = SubmissionOf(slot);
            Unlink(slot);
            WithdrawDependents(slot);
            Clear(slot, TaskFlags.Kept);
            if (failed.Error.Kind is ErrorKind.UserException or ErrorKind.TimedOut && _tasks.Retried[slot] < entry.Spec.Options.Retries)
            {
                _tasks.Retried[slot]++;
                Clear(slot, TaskFlags.MayHaveBegun);
                NoteSpent(slot);
                Enqueue(slot, "retried after an exception");
            }
            else if (failed.Error.Kind == ErrorKind.DataLost)
            {
                // It came back with its worker, and what it had yet to read was of an attempt that does not count any more and was freed: it has not begun. Whatever was freed so is
                // freed once, so that this comes to an end.
                NotBegun(slot);
                Enqueue(slot, "an input was freed");
            }
            else
            {
                SetPhase(slot, TaskPhase.Waiting, "attempt failed");
                Fail(slot, failed.Error with { Origin = failed.Task }, "attempt failed");
            }
        }
    }

    private void OnRetracted(WorkerEntry worker, AttemptRun retracted)
    {
        foreach (var slot in CurrentSlots(worker, retracted.Run, retracted.Attempt, TaskCause.GivenBack))
        {
            Unlink(slot);
            Clear(slot, TaskFlags.Kept);
            WithdrawDependents(slot);
            NotBegun(slot);
            Enqueue(slot, "given back");
        }
    }

    private void OnNotRetracted(WorkerEntry worker, AttemptRun kept)
    {
        foreach (var slot in CurrentSlots(worker, kept.Run, kept.Attempt, TaskCause.NotGivenBack))
        {
            if (Has(slot, TaskFlags.Retracting))
            {
                Clear(slot, TaskFlags.Retracting);
                worker.Retracting--;
            }

            Start(slot, worker);
        }
    }

    private void OnWaitingInside(WorkerEntry worker, AttemptRun run, bool isWaiting)
    {
        foreach (var slot in CurrentSlots(worker, run.Run, run.Attempt, TaskCause.Started))
        {
            Start(slot, worker);
            if (Has(slot, TaskFlags.WaitingInside) == isWaiting)
            {
                continue;
            }

            _tasks.Flags[slot] ^= TaskFlags.WaitingInside;
            worker.WaitingInside += isWaiting ? 1 : -1;
        }
    }
}
