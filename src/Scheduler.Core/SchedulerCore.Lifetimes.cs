using Weft.Primitives;

namespace Weft.Scheduler.Core;

/// <summary>
/// How tasks fail, are let go, and come back. Each step changes one task and puts what follows from it for others on a list;
/// <see cref="Settle"/> works the lists off, so that a chain of any length needs no stack.
/// </summary>
public sealed partial class SchedulerCore
{
    private readonly Stack<(TaskId Task, TaskError Error)> _failing = [];
    private readonly Stack<TaskId> _dropping = [];
    private readonly Stack<TaskId> _resurrecting = [];
    private readonly Stack<TaskId> _withdrawing = [];

    private void Settle()
    {
        while (true)
        {
            if (_lost.Count > 0)
            {
                RelinkDependentsOfLost();
            }
            else if (_failing.TryPop(out var failing))
            {
                var slot = _tasks.Find(failing.Task);
                if (slot >= 0 && !IsEnded(_tasks.Phase[slot]))
                {
                    Met.Add(_tasks.Phase[slot], TaskCause.InputFailed);
                    Fail(slot, failing.Error, "an input failed");
                }
            }
            else if (_withdrawing.TryPop(out var withdrawing))
            {
                var slot = _tasks.Find(withdrawing);
                if (slot >= 0 && IsAtWorker(slot) && _tasks.Unmet[slot] > 0)
                {
                    Met.Add(_tasks.Phase[slot], TaskCause.InputLost);
                    Reclaim(slot, "an input's attempt was taken back");
                }
            }
            else if (_resurrecting.TryPop(out var resurrecting))
            {
                var slot = _tasks.Find(resurrecting);
                if (slot >= 0 && _tasks.Phase[slot] == TaskPhase.Waiting)
                {
                    Enqueue(slot, "made again");
                }
            }
            else if (_dropping.TryPop(out var dropping))
            {
                var slot = _tasks.Find(dropping);
                if (slot >= 0)
                {
                    Drop(slot);
                }
            }
            else
            {
                return;
            }
        }
    }

    private bool IsAtWorker(int slot) => _tasks.Phase[slot] is TaskPhase.Assigned or TaskPhase.Running;

    /// <summary>Ends a task without a result. Its dependents follow with the same error.</summary>
    private void Fail(int slot, TaskError error, string cause)
    {
        Invariant.Require(!IsEnded(_tasks.Phase[slot]), "only a task that is not ended can fail");
        if (IsAtWorker(slot))
        {
            Withdraw(slot);
        }

        SetPhase(slot, TaskPhase.Failed, cause);
        _errors[slot] = error;
        if (KeepsFacts)
        {
            Facts.AddFailed(new TaskRun(_tasks.IdOf(slot)), error);
        }

        for (var edge = _tasks.FirstEdge[slot]; edge != EdgeTable.None && !_isRestoring; edge = _edges.NextOf(edge))
        {
            _failing.Push((_edges.TargetOf(edge), error));
        }

        DetachDependents(slot);
        EndConsumption(slot);
        Tell(slot);
        DropIfUnneeded(slot);
    }

    /// <summary>Takes away the edges of a task that ended or is no longer going to: nobody waits for it now.</summary>
    private void DetachDependents(int slot)
    {
        for (var edge = _tasks.FirstEdge[slot]; edge != EdgeTable.None; edge = _edges.NextOf(edge))
        {
            var dependent = _tasks.Find(_edges.TargetOf(edge));
            if (dependent >= 0)
            {
                _tasks.Unmet[dependent]--;
            }
        }

        _edges.Clear(ref _tasks.FirstEdge[slot]);
    }

    /// <summary>A task ended: it needs its inputs' values no more.</summary>
    private void EndConsumption(int slot)
    {
        var entry = SubmissionOf(slot);
        if (!entry.Spec.HasInputs)
        {
            return;
        }

        var task = (int)(_tasks.IdOf(slot) - entry.Spec.First);
        var inputs = entry.Spec.InputCount(task);
        for (var k = 0; k < inputs; k++)
        {
            EndNeed(_tasks.Find(entry.Spec.Input(task, k)));
        }
    }

    /// <summary>One less needs a task's value: a dependent, or a name.</summary>
    private void EndNeed(int slot)
    {
        if (--_tasks.Consumers[slot] == 0)
        {
            DropIfUnneeded(slot);
            if (Has(slot, TaskFlags.Inline) && !_wantedHolders.ContainsKey(slot))
            {
                FreeCopies(slot);
            }
        }
    }

    /// <summary>A task that had ended is to run again: it needs its inputs' values.</summary>
    private void BeginConsumption(int slot)
    {
        var spec = SubmissionOf(slot).Spec;
        var task = (int)(_tasks.IdOf(slot) - spec.First);
        var inputs = spec.InputCount(task);
        for (var k = 0; k < inputs; k++)
        {
            _tasks.Consumers[_tasks.Find(spec.Input(task, k))]++;
        }
    }

    /// <summary>A task's result can no longer be lost, or the task is forgotten: its inputs need not be remembered for it.</summary>
    private void CutLineage(int slot)
    {
        var spec = SubmissionOf(slot).Spec;
        if (!spec.HasInputs)
        {
            return;
        }

        var task = (int)(_tasks.IdOf(slot) - spec.First);
        var inputs = spec.InputCount(task);
        for (var k = 0; k < inputs; k++)
        {
            var input = _tasks.Find(spec.Input(task, k));
            if (--_tasks.Descendants[input] == 0)
            {
                DropIfUnneeded(input);
            }
        }
    }

    private bool IsWanted(int slot) => Has(slot, TaskFlags.Held) || _tasks.Consumers[slot] > 0;

    private void DropIfUnneeded(int slot)
    {
        if (!IsWanted(slot) && !_isRemembering)
        {
            _dropping.Push(_tasks.IdOf(slot));
        }
    }

    /// <summary>Lets go of a task that nobody wants: its value, its run, and, when nothing descends from it, itself.</summary>
    private void Drop(int slot)
    {
        if (IsWanted(slot))
        {
            return;
        }

        switch (_tasks.Phase[slot])
        {
            case TaskPhase.Done when Has(slot, TaskFlags.Inline) || Has(slot, TaskFlags.Scattered):
                break; // It cannot be made again, or its inputs are forgotten: it stays while anything descends from it.
            case TaskPhase.Done:
                FreeCopies(slot);
                SetPhase(slot, TaskPhase.Released, "released");
                if (Has(slot, TaskFlags.Alias))
                {
                    EndConsumption(slot);
                }

                break;
            case TaskPhase.Failed or TaskPhase.Released:
                break;
            default:
                if (IsAtWorker(slot))
                {
                    Withdraw(slot);
                }

                DetachDependents(slot);
                SetPhase(slot, TaskPhase.Released, "released before it ended");
                EndConsumption(slot);
                break;
        }

        if (_tasks.Descendants[slot] == 0)
        {
            Forget(slot);
        }
    }

    private void Forget(int slot)
    {
        Invariant.Require(_tasks.FirstEdge[slot] == EdgeTable.None, "a forgotten task has nobody waiting for it");
        FreeCopies(slot);
        if (Has(slot, TaskFlags.Inline))
        {
            _values.Release(_tasks.Chunk[slot]);
        }
        else
        {
            CutLineage(slot);
        }

        _aliases -= Has(slot, TaskFlags.Alias) ? 1 : 0;
        _errors.Remove(slot);
        _missed.Remove(slot);
        _phaseCounts[(int)_tasks.Phase[slot]]--;
        _log.Add(_nowMs, new TaskRun(_tasks.IdOf(slot)), null, "forgotten", TaskTable.None, 0);
        LeaveEntry(_tasks.SubmissionOf[slot]);
        _tasks.Remove(slot);
    }

    /// <summary>
    /// Makes a task run again whose value is gone: its result was lost, or was released and is needed after all. One that must not run
    /// twice fails instead.
    /// </summary>
    private void Resurrect(int slot)
    {
        if (TryRecall(slot))
        {
            return;
        }

        Invariant.Require(_tasks.Phase[slot] is TaskPhase.Done or TaskPhase.Released, "only what ended well is made again");
        Clear(slot, TaskFlags.Kept);
        SetPhase(slot, TaskPhase.Waiting, "made again");
        BeginConsumption(slot);
        if (Has(slot, TaskFlags.MayHaveBegun) && !TryTakeRun(slot))
        {
            var id = _tasks.IdOf(slot);
            Fail(slot, TaskError.Of(ErrorKind.NotIdempotent, id, $"The result of the task {id} is gone; it is not idempotent and does not run twice."), "not idempotent");
            return;
        }

        Tell(slot);
        _resurrecting.Push(_tasks.IdOf(slot));
    }

    /// <summary>Whether a task that has run, or may have, may run once more. One that is not idempotent spends a retry on it.</summary>
    private bool TryTakeRun(int slot)
    {
        var options = SubmissionOf(slot).Spec.Options;
        if (options.Idempotent)
        {
            return true;
        }

        if (_tasks.Retried[slot] >= options.Retries)
        {
            return false;
        }

        _tasks.Retried[slot]++;
        NotBegun(slot);
        return true;
    }

    /// <summary>Runs a failed task again, and the failed inputs on whose account it failed.</summary>
    private void Retry(int slot)
    {
        var last = new Attempt(_options.Epoch, _attempts);
        var pending = new Stack<int>();
        pending.Push(slot);
        var reset = new List<int>();
        while (pending.TryPop(out var next))
        {
            var entry = SubmissionOf(next);
            if (_tasks.Phase[next] != TaskPhase.Failed || entry.IsBroken || Has(next, TaskFlags.Scattered))
            {
                continue;
            }

            ResetFailed(next, last);
            reset.Add(next);
            var task = (int)(_tasks.IdOf(next) - entry.Spec.First);
            for (var k = 0; k < entry.Spec.InputCount(task); k++)
            {
                pending.Push(_tasks.Find(entry.Spec.Input(task, k)));
            }
        }

        if (reset.Count > 0)
        {
            Note(new TasksRetried(reset.ConvertAll(next => new TaskRun(_tasks.IdOf(next))), last));
            EnqueueReset(reset);
        }
    }

    private void ResetFailed(int slot, Attempt last)
    {
        _errors.Remove(slot);
        _tasks.Retried[slot] = 0;
        _tasks.Deaths[slot] = 0;
        _tasks.Attempt[slot] = last;
        Clear(slot, TaskFlags.MayHaveBegun);
        SetPhase(slot, TaskPhase.Waiting, "retried");
        BeginConsumption(slot);
        Tell(slot);
    }

    /// <summary>After all of them were reset: a task is failed again at once by an input that still is.</summary>
    private void EnqueueReset(List<int> reset)
    {
        foreach (var slot in reset)
        {
            Enqueue(slot, "retried");
        }
    }

    /// <summary>
    /// Takes a task off its worker without a result. The attempt is over: whatever is still said of it is stale. What was handed
    /// ahead on the strength of it follows.
    /// </summary>
    private void Withdraw(int slot)
    {
        Unlink(slot);
        if (_workers.TryGetValue(_tasks.Worker[slot], out var worker))
        {
            _actions.AddRun(ActionKind.Cancel, worker.Id.Value, new TaskRun(_tasks.IdOf(slot)), _tasks.Attempt[slot]);
        }

        Clear(slot, TaskFlags.Kept);
        WithdrawDependents(slot);
    }

    /// <summary>
    /// Takes a task back to which an input will not come where it is. The input may have come there before, and the task may have begun in silence:
    /// one that must not run twice is asked for, and comes back only if it had not.
    /// </summary>
    private void Reclaim(int slot, string cause)
    {
        if (!Has(slot, TaskFlags.MayHaveBegun))
        {
            Withdraw(slot);
            Enqueue(slot, cause);
        }
        else if (_tasks.Phase[slot] == TaskPhase.Assigned && !Has(slot, TaskFlags.Retracting) && _workers.TryGetValue(_tasks.Worker[slot], out var worker))
        {
            Set(slot, TaskFlags.Retracting);
            worker.Retracting++;
            _actions.AddRun(ActionKind.Retract, worker.Id.Value, new TaskRun(_tasks.IdOf(slot)), _tasks.Attempt[slot]);
        }
    }

    /// <summary>What was handed ahead on the strength of an attempt that is over comes back.</summary>
    private void WithdrawDependents(int slot)
    {
        for (var edge = _tasks.FirstEdge[slot]; edge != EdgeTable.None; edge = _edges.NextOf(edge))
        {
            _withdrawing.Push(_edges.TargetOf(edge));
        }
    }

    /// <summary>Has the client told of the task's new state, if it is one that holds it.</summary>
    private void Tell(int slot)
    {
        if (Has(slot, TaskFlags.Held))
        {
            var id = _tasks.IdOf(slot);
            if (_sessions.TryGetValue(id.Session.Value, out var session))
            {
                session.MarkDirty(new TaskRun(id));
            }
        }
    }
}
