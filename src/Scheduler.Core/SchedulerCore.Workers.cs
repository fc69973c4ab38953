using Weft.Primitives;

namespace Weft.Scheduler.Core;

/// <summary>Workers come and go; what they take with them is made again.</summary>
public sealed partial class SchedulerCore
{
    /// <summary>Results that were lost in this step, by slot: their dependents must be linked to them anew.</summary>
    private readonly HashSet<int> _lost = [];

    private void OnWorkerJoined(WorkerJoined joined)
    {
        LeaveBehind(joined.Description);
        if (IsFromBeforeRestart(joined))
        {
            return;
        }

        foreach (var other in _workers.Values)
        {
            if (other.Id == joined.Worker || other.Description.Name == joined.Description.Name)
            {
                Drops.Add(DropReason.DuplicateWorker);
                _actions.Add(new SchedulerAction(ActionKind.DismissWorker, joined.Worker.Value, default)
                {
                    Text = $"A worker with the name '{joined.Description.Name}' is connected already.",
                });
                return;
            }
        }

        var worker = new WorkerEntry(joined.Worker, joined.Description, _nowMs) { HasPast = joined.HasPast, Pauses = joined.Pauses };
        _workers.Add(worker);
        _openings++;
        Note(new WorkerCame(joined.Description.Name, joined.Description.Incarnation));
        TakeBackGuesses(KeyOf(joined.Description.Incarnation));
        if (joined.HasPast)
        {
            TakeBack(worker, joined);
            TellUntoldAliases();
        }

        LookAtAllHolders();
        OnCameBack(joined.Description.Incarnation);
        EndSuspicion(KeyOf(joined.Description.Incarnation));
    }

    /// <summary>A worker that comes back before its loss was noticed: its old connection is dead.</summary>
    private void LeaveBehind(WorkerDescription description)
    {
        if (description.Incarnation.IsEmpty)
        {
            return;
        }

        foreach (var other in _workers.Values)
        {
            if (other.Description.Incarnation.Span.SequenceEqual(description.Incarnation.Span))
            {
                _actions.Add(new SchedulerAction(ActionKind.DismissWorker, other.Id.Value, default) { MayReturn = true, Text = "The same worker connected again." });
                OnWorkerLost(other.Id, "it connected again", isGraceful: false, hasComeBack: true);
                return;
            }
        }
    }

    private void OnWorkerLost(WorkerId id, string reason, bool isGraceful, bool hasComeBack = false)
    {
        if (!_workers.Remove(id.Value, out var worker))
        {
            Drops.Add(DropReason.UnknownWorker);
            return;
        }

        isGraceful |= worker.Leave is { IsStopped: true };
        Note(new WorkerWent(worker.Description.Incarnation));
        EndCopiesOf(id.Value);
        foreach (var task in worker.Stored)
        {
            var slot = _tasks.Find(task);
            if (slot >= 0)
            {
                RemoveHolder(slot, id.Value);
            }
        }

        worker.HasSaidGoodbye = isGraceful;
        var assigned = AssignedTo(worker);
        var key = KeyOf(worker.Description.Incarnation);
        var suspects = isGraceful || hasComeBack || worker.Leave is not null ? [] : Suspects(worker, assigned);
        _earlyReports.Remove(key, out var report);
        var mustWait = worker.Description.IsSupervised && report is null;
        if (mustWait)
        {
            Suspect(worker, reason, assigned, suspects);
        }

        foreach (var slot in assigned)
        {
            Met.Add(_tasks.Phase[slot], TaskCause.WorkerLost);

            // Short tasks are never said to have begun, and what was done may not have been told yet: after a death nobody knows.
            var mayHaveBegun = !isGraceful || _tasks.Phase[slot] == TaskPhase.Running;
            Unlink(slot);
            Clear(slot, TaskFlags.Kept);
            Recover(slot, worker, reason, mayHaveBegun, isBlamed: !worker.Description.IsSupervised && suspects.Contains(slot));
        }

        if (!worker.Description.IsSupervised)
        {
            RememberGuesses(key, suspects.Order().Select(slot => new Guess(_tasks.IdOf(slot), IsBlamed: true)).ToList());
        }

        if (report is not null)
        {
            Blame(report);
        }
    }

    /// <summary>Decides what becomes of a task whose worker died.</summary>
    private void Recover(int slot, WorkerEntry worker, string reason, bool mayHaveBegun, bool isBlamed)
    {
        var id = _tasks.IdOf(slot);
        if (!worker.HasSaidGoodbye)
        {
            // Out of sight, and not over: should the worker come back, the attempt is what it was.
            _tasks.Attempt[slot] = new Attempt(_tasks.Attempt[slot].Value - 1);
        }

        SetPhase(slot, TaskPhase.Waiting, "worker lost");
        if (isBlamed)
        {
            Blame(slot, worker.Description.Name, reason, isOutOfMemory: false);
            if (_tasks.Phase[slot] == TaskPhase.Failed)
            {
                return;
            }
        }

        if (mayHaveBegun && !TryTakeRun(slot))
        {
            Fail(slot, TaskError.Of(ErrorKind.NotIdempotent, id,
                $"The task {id} may have begun on worker '{worker.Description.Name}', which was lost ({reason}); it is not idempotent and does not run twice."), "not idempotent");
        }
        else
        {
            NotBegun(slot);
            Enqueue(slot, "worker lost");
        }
    }

    /// <summary>The last copy of a result is gone, or cannot be had: it is made again if anyone wants it.</summary>
    private void Lose(int slot)
    {
        FreeCopies(slot);
        AnswerAgainWhoMissed(slot);
        if (!IsWanted(slot))
        {
            SetPhase(slot, TaskPhase.Released, "lost");
            DropIfUnneeded(slot);
        }
        else if (Has(slot, TaskFlags.Scattered))
        {
            var id = _tasks.IdOf(slot);
            SetPhase(slot, TaskPhase.Waiting, "lost");
            Fail(slot, TaskError.Of(ErrorKind.DataLost, id, $"The scattered data {id} lost its last holder and cannot be made again."), "lost");
        }
        else
        {
            Resurrect(slot);
        }

        _lost.Add(slot);
    }

    /// <summary>Dependents that had counted on lost results wait for them again.</summary>
    private void RelinkDependentsOfLost()
    {
        foreach (var slot in _tasks.LiveSlots())
        {
            if (Has(slot, TaskFlags.Alias))
            {
                RelinkAlias(slot);
                continue;
            }

            if (_tasks.Phase[slot] is not (TaskPhase.Waiting or TaskPhase.Ready))
            {
                continue;
            }

            var spec = SubmissionOf(slot).Spec;
            var task = (int)(_tasks.IdOf(slot) - spec.First);
            for (var k = 0; k < spec.InputCount(task); k++)
            {
                if (_lost.Contains(_tasks.Find(spec.Input(task, k))))
                {
                    Met.Add(_tasks.Phase[slot], TaskCause.InputLost);
                    Enqueue(slot, "an input was lost");
                    break;
                }
            }
        }

        _lost.Clear();
    }

    /// <summary>What a worker was assigned, in the order in which it was sent, as a list of its own: the walk may change the links.</summary>
    private List<int> AssignedTo(WorkerEntry worker)
    {
        var slots = new List<int>(worker.Assigned);
        for (var slot = worker.FirstAssigned; slot != TaskTable.None; slot = _tasks.Next[slot])
        {
            slots.Add(slot);
        }

        return slots;
    }

    /// <summary>Puts a task at the end of its worker's list. With <see cref="Unlink"/> the only place where occupancy changes.</summary>
    private void LinkTo(WorkerEntry worker, int slot, int estimate, TaskShape shape)
    {
        _tasks.Estimate[slot] = estimate;
        _tasks.Previous[slot] = worker.LastAssigned;
        _tasks.Next[slot] = TaskTable.None;
        if (worker.LastAssigned == TaskTable.None)
        {
            worker.FirstAssigned = slot;
        }
        else
        {
            _tasks.Next[worker.LastAssigned] = slot;
        }

        worker.LastAssigned = slot;
        worker.Assigned++;
        worker.Backlog += estimate;
        if (shape.NeedsResources)
        {
            worker.ClaimResources(shape.Resources);
        }
    }

    /// <summary>Takes a task off its worker's list, and gives back its slot's worth of backlog and its resources: exactly once.</summary>
    private void Unlink(int slot)
    {
        Invariant.Require(IsAtWorker(slot), "only a task at a worker is taken off it");
        var next = _tasks.Next[slot];
        var previous = _tasks.Previous[slot];
        if (next != TaskTable.None)
        {
            _tasks.Previous[next] = previous;
        }

        if (previous != TaskTable.None)
        {
            _tasks.Next[previous] = next;
        }

        if (_workers.TryGetValue(_tasks.Worker[slot], out var worker))
        {
            Leave(worker, slot, next, previous);
            if (Has(slot, TaskFlags.Adopted))
            {
                _actions.AddRun(ActionKind.Free, worker.Id.Value, new TaskRun(_tasks.IdOf(slot)));
            }
        }

        Clear(slot, TaskFlags.Retracting | TaskFlags.WaitingInside | TaskFlags.Adopted);
    }

    private void Leave(WorkerEntry worker, int slot, int next, int previous)
    {
        if (worker.FirstAssigned == slot)
        {
            worker.FirstAssigned = next;
        }

        if (worker.LastAssigned == slot)
        {
            worker.LastAssigned = previous;
        }

        worker.Assigned--;
        if (worker.Assigned == 0)
        {
            worker.IdleSinceMs = _nowMs;
        }

        worker.Backlog -= _tasks.Estimate[slot];
        if (_tasks.Phase[slot] == TaskPhase.Running)
        {
            worker.Running--;
        }

        if (Has(slot, TaskFlags.WaitingInside))
        {
            worker.WaitingInside--;
        }

        if (Has(slot, TaskFlags.Retracting))
        {
            worker.Retracting--;
        }

        var shape = SubmissionOf(slot).Shape;
        if (shape.NeedsResources)
        {
            worker.ReturnResources(shape.Resources);
        }
    }
}
