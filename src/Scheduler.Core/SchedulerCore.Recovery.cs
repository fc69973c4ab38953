using Weft.Primitives;

namespace Weft.Scheduler.Core;

/// <summary>The time after a restart in which workers of before come back and say what they run and hold.</summary>
public sealed partial class SchedulerCore
{
    /// <summary>Incarnations of workers that an earlier scheduler knew and that have not come back.</summary>
    private readonly SortedSet<string> _expected = new(StringComparer.Ordinal);

    /// <summary>Tasks that are ready and given to nobody until then; those that wait for their client are with its session. Entries are hints, as in the lanes.</summary>
    private readonly List<TaskRun> _heldBack = [];

    private long _recoveryEndsMs = long.MaxValue;

    /// <summary>Whether workers of an earlier scheduler are still waited for.</summary>
    public bool IsRecovering => _recoveryEndsMs != long.MaxValue;

    private void Expect(ReadOnlyMemory<byte> incarnation)
    {
        if (!incarnation.IsEmpty)
        {
            _expected.Add(Convert.ToHexString(incarnation.Span));
        }
    }

    private void BeginRecovery()
    {
        foreach (var slot in _tasks.LiveSlots())
        {
            if (!IsEnded(_tasks.Phase[slot]))
            {
                Set(slot, TaskFlags.Restored);
            }
        }

        _recoveryEndsMs = _nowMs + _options.WorkerLeaseMs;
        if (_expected.Count == 0)
        {
            EndRecovery();
            Settle();
        }
    }

    /// <summary>Workers can reach this scheduler from now on: the time that they have to come back begins. Reading a long journal is not to be taken from it.</summary>
    public void AwaitWorkers(long nowMs)
    {
        if (IsRecovering)
        {
            _recoveryEndsMs = nowMs + _options.WorkerLeaseMs;
        }
    }

    /// <summary>
    /// Puts a ready task where the planner finds it; or, when it must wait, where it is found when it may: the tasks of yesterday do not rise with the
    /// scheduler of today.
    /// </summary>
    private void QueueOrHoldBack(int slot)
    {
        var run = new TaskRun(_tasks.IdOf(slot));
        if (MustWaitForRecovery(slot))
        {
            _heldBack.AddOrJoin(run);
        }
        else if (SessionOf(run.First.Session) is { IsAwaited: true } session)
        {
            session.HeldBack.AddOrJoin(run);
        }
        else if (!Has(slot, TaskFlags.Suspected))
        {
            Queue(slot);
        }
    }

    /// <summary>Whether a ready task might be running elsewhere, or needs what only workers hold that are not back.</summary>
    private bool MustWaitForRecovery(int slot)
    {
        if (_isRestoring || (IsRecovering && Has(slot, TaskFlags.Restored)))
        {
            return true;
        }

        if (!IsRecovering)
        {
            return false;
        }

        var spec = SubmissionOf(slot).Spec;
        var task = (int)(_tasks.IdOf(slot) - spec.First);
        for (var k = 0; k < spec.InputCount(task); k++)
        {
            if (IsHeldBy(_tasks.Find(spec.Input(task, k)), Former))
            {
                return true;
            }
        }

        return false;
    }

    private void OnCameBack(ReadOnlyMemory<byte> incarnation)
    {
        if (IsRecovering && _expected.Remove(Convert.ToHexString(incarnation.Span)) && _expected.Count == 0)
        {
            EndRecovery();
        }
    }

    /// <summary>Whoever is not back is lost, with what only it held; what is ready may go to anyone.</summary>
    private void EndRecovery()
    {
        _recoveryEndsMs = long.MaxValue;
        foreach (var incarnation in _expected)
        {
            Note(new WorkerWent(Convert.FromHexString(incarnation)));
        }

        _expected.Clear();
        foreach (var slot in _tasks.LiveSlots().ToList())
        {
            Clear(slot, TaskFlags.Restored);
            if (_tasks.Phase[slot] == TaskPhase.Done && !Has(slot, TaskFlags.Inline) && Has(slot, TaskFlags.Kept) && _tasks.Worker[slot] == Former)
            {
                Clear(slot, TaskFlags.Kept);
                if (!HoldersOf(slot).Any())
                {
                    Lose(slot);
                }
            }
            else if (Has(slot, TaskFlags.MayHaveBegun) && _tasks.Phase[slot] is TaskPhase.Waiting or TaskPhase.Ready)
            {
                RunAgainOrFail(slot);
            }
            else if (_tasks.Phase[slot] == TaskPhase.Waiting && HasFailedInput(slot))
            {
                // The end of the journal that would have said so was torn off.
                Enqueue(slot, "an input has failed");
            }
        }

        Settle();
        Release(_heldBack);
        Settle();
        foreach (var slot in _tasks.LiveSlots())
        {
            if (_tasks.Phase[slot] == TaskPhase.Done)
            {
                DropIfUnneeded(slot);
            }
        }
    }

    /// <summary>Looks at what was held back once more; what still has to wait is held back again.</summary>
    private void Release(List<TaskRun> heldBack)
    {
        var runs = heldBack.ToArray();
        heldBack.Clear();
        heldBack.TrimExcess();
        foreach (var run in runs)
        {
            for (var i = 0; i < run.Count; i++)
            {
                var slot = _tasks.Find(run.First + i);
                if (slot < 0 || _tasks.Phase[slot] != TaskPhase.Ready)
                {
                    continue;
                }

                if (!AreInputsDone(slot))
                {
                    // What the journal told of them was not all.
                    Enqueue(slot, "nobody runs it");
                }
                else
                {
                    _log.Add(_nowMs, new TaskRun(_tasks.IdOf(slot)), TaskPhase.Ready, "nobody runs it", _tasks.Worker[slot], _tasks.Attempt[slot].Counter);
                    QueueOrHoldBack(slot);
                }
            }
        }
    }

    private bool AreInputsDone(int slot)
    {
        var spec = SubmissionOf(slot).Spec;
        var task = (int)(_tasks.IdOf(slot) - spec.First);
        for (var k = 0; k < spec.InputCount(task); k++)
        {
            if (_tasks.Phase[_tasks.Find(spec.Input(task, k))] != TaskPhase.Done)
            {
                return false;
            }
        }

        return true;
    }

    private bool HasFailedInput(int slot)
    {
        var spec = SubmissionOf(slot).Spec;
        var task = (int)(_tasks.IdOf(slot) - spec.First);
        for (var k = 0; k < spec.InputCount(task); k++)
        {
            if (_tasks.Phase[_tasks.Find(spec.Input(task, k))] == TaskPhase.Failed)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A task that must not run twice was sent to a worker which did not come back.</summary>
    private void RunAgainOrFail(int slot)
    {
        if (!TryTakeRun(slot))
        {
            var id = _tasks.IdOf(slot);
            Fail(slot, TaskError.Of(ErrorKind.NotIdempotent, id,
                $"The task {id} may have begun on a worker that did not come back after the scheduler was restarted; it is not idempotent and does not run twice."), "not idempotent");
        }
    }

    /// <summary>What a worker that was connected before still runs and holds: taken back where it is still the task's, else ended and freed.</summary>
    private void TakeBack(WorkerEntry worker, WorkerJoined joined)
    {
        foreach (var running in joined.Running)
        {
            for (var i = 0; i < running.Run.Count; i++)
            {
                var id = running.Run.First + i;
                var slot = _tasks.Find(id);
                if (slot < 0 || !TryAdopt(slot, worker, running.Attempt))
                {
                    _actions.AddRun(ActionKind.Cancel, worker.Id.Value, new TaskRun(id), running.Attempt);
                }
            }
        }

        foreach (var stored in joined.Stored)
        {
            if (!AreSizes(stored.StoredBytes, stored.Run.Count))
            {
                Drops.Add(DropReason.Malformed);
                continue;
            }

            for (var i = 0; i < stored.Run.Count; i++)
            {
                TakeBackResult(worker, stored.Run.First + i, stored.Attempt, stored.StoredBytes[i]);
            }
        }
    }

    private void TakeBackResult(WorkerEntry worker, TaskId id, Attempt attempt, long bytes)
    {
        var slot = _tasks.Find(id);
        if (slot < 0 || _tasks.Phase[slot] != TaskPhase.Done || Has(slot, TaskFlags.Inline | TaskFlags.Alias) || _tasks.Attempt[slot] != attempt)
        {
            // Done, and its report was lost on the way; or of an attempt that does not count, and then it is freed.
            OnCompleted(worker, new CompletedRun(new TaskRun(id), attempt, 0) { StoredBytes = [bytes] }, isAnnounced: true);
            return;
        }

        if (IsHeldBy(slot, Former))
        {
            Keep(slot, worker);
        }
        else if (Has(slot, TaskFlags.Kept))
        {
            AddCopy(slot, worker);
        }
        else
        {
            Set(slot, TaskFlags.Kept);
            Keep(slot, worker);
        }

        if (Has(slot, TaskFlags.Wanted))
        {
            Tell(slot);
        }
    }

    /// <summary>
    /// An attempt of which nothing was heard since its worker, or the scheduler that ordered it, was lost: it is the task's current one again,
    /// if the task has not been given to another meanwhile.
    /// </summary>
    private bool TryAdopt(int slot, WorkerEntry worker, Attempt attempt)
    {
        if (!worker.HasPast || Has(slot, TaskFlags.Alias) || _tasks.Phase[slot] is not (TaskPhase.Waiting or TaskPhase.Ready)
            || attempt.Value <= _tasks.Attempt[slot].Value || attempt.Epoch > _options.Epoch)
        {
            return false;
        }

        var entry = SubmissionOf(slot);
        if (entry.Shape.NeedsResources && !worker.HasResources(entry.Shape.Resources))
        {
            return false;
        }

        Unwait(slot);
        _tasks.Attempt[slot] = attempt;
        _tasks.Worker[slot] = worker.Id.Value;
        Clear(slot, TaskFlags.Kept | TaskFlags.Suspected);
        Set(slot, entry.Spec.Options.Idempotent ? TaskFlags.Adopted : TaskFlags.Adopted | TaskFlags.MayHaveBegun);
        SetPhase(slot, TaskPhase.Assigned, "came back with its worker");
        LinkTo(worker, slot, EstimateOf(entry.Spec), entry.Shape);
        Start(slot, worker);
        return true;
    }
}
