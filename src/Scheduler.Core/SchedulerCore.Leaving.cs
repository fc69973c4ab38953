using System.Globalization;
using Weft.Primitives;

namespace Weft.Scheduler.Core;

/// <summary>
/// Workers that are to go: they get nothing new and give back what has not begun, what runs may end, and what only they hold is copied to others. Then
/// they are stopped. When there is nowhere to copy to, whoever was asked to go by an operator stays; who goes by itself stays as long as it can.
/// </summary>
public sealed partial class SchedulerCore
{
    /// <summary>Results of one leaving worker that are being copied at a time.</summary>
    private const int HandOversMax = 64;

    private void OnLeaving(WorkerEntry worker, string reason, bool mayRefuse)
    {
        if (worker.Leave is { MayRefuse: false })
        {
            return;
        }

        // Copies that were begun before it was refused are still on their way.
        worker.Leave = new LeaveState(reason, mayRefuse) { HandingOver = CopiesFor(worker) };
        worker.RefusedToLeave = null;
    }

    private void OnDrainAsked(DrainAsked asked)
    {
        foreach (var id in asked.Workers)
        {
            if (_workers.TryGetValue(id.Value, out var worker))
            {
                OnLeaving(worker, asked.Reason, mayRefuse: true);
            }
            else
            {
                Drops.Add(DropReason.UnknownWorker);
            }
        }

        // At once, so that whoever asks is answered at once.
        foreach (var worker in _workers.Values)
        {
            if (worker.Leave is { MayRefuse: true } leave && NextUnique(worker, leave) is var slot and >= 0 && RecipientFor(slot) is null)
            {
                Refuse(worker);
            }
        }
    }

    private void PlanLeaving()
    {
        foreach (var worker in _workers.Values)
        {
            if (worker.Leave is { IsStopped: false } leave)
            {
                TakeBackUnbegun(worker);
                HandOver(worker, leave);
                if (worker.Leave is null || worker.Assigned > 0 || leave.HandingOver > 0)
                {
                    continue;
                }

                if (IsCopiedFrom(worker))
                {
                    continue;
                }

                // From the beginning once more: what others held may have been lost meanwhile.
                leave.Cursor = 0;
                if (NextUnique(worker, leave) == TaskTable.None)
                {
                    leave.IsStopped = true;
                    _actions.Add(new SchedulerAction(ActionKind.StopWorker, worker.Id.Value, default) { Text = leave.Reason });
                }
            }
        }
    }

    private void TakeBackUnbegun(WorkerEntry worker)
    {
        if (worker.Retracting > 0 || worker.Assigned == worker.Running)
        {
            return;
        }

        foreach (var slot in AssignedTo(worker))
        {
            if (_tasks.Phase[slot] == TaskPhase.Assigned)
            {
                Set(slot, TaskFlags.Retracting);
                worker.Retracting++;
                _actions.AddRun(ActionKind.Retract, worker.Id.Value, new TaskRun(_tasks.IdOf(slot)), _tasks.Attempt[slot]);
            }
        }
    }

    /// <summary>Has others copy what only this worker holds, some at a time.</summary>
    private void HandOver(WorkerEntry worker, LeaveState leave)
    {
        while (leave.HandingOver < HandOversMax && NextUnique(worker, leave) is var slot and >= 0)
        {
            if (RecipientFor(slot) is not { } recipient)
            {
                if (leave.HandingOver == 0)
                {
                    Refuse(worker);
                }

                return;
            }

            leave.Cursor++;
            BeginCopy(slot, recipient, leaving: worker);
        }
    }

    /// <summary>From the cursor on the first result that would be lost with the worker and that nobody is copying; the cursor stays at it. None: there is no such.</summary>
    private int NextUnique(WorkerEntry worker, LeaveState leave)
    {
        for (; leave.Cursor < worker.Stored.Count; leave.Cursor++)
        {
            var slot = _tasks.Find(worker.Stored[leave.Cursor]);
            if (slot >= 0 && !_copying.ContainsKey(slot) && IsUnique(slot, worker))
            {
                return slot;
            }
        }

        return TaskTable.None;
    }

    /// <summary>Whether a result that would be lost with the worker is being copied on account of another that leaves, or was to: this one may be the last to have it.</summary>
    private bool IsCopiedFrom(WorkerEntry worker) => _copying.Keys.Any(slot => IsUnique(slot, worker));

    private bool IsUnique(int slot, WorkerEntry worker) =>
        !Has(slot, TaskFlags.Inline) && IsHeldBy(slot, worker.Id.Value) && !_uncopyable.Contains(slot) && !HoldersOf(slot).Any(IsStaying);

    private bool IsStaying(int holder) => _workers.TryGetValue(holder, out var worker) && worker.Leave is null;

    private void Refuse(WorkerEntry worker)
    {
        var leave = worker.Leave!;
        var unique = worker.Stored.Count(task => _tasks.Find(task) is var slot and >= 0 && IsHeldBy(slot, worker.Id.Value) && !HoldersOf(slot).Any(IsStaying));
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"worker '{worker.Description.Name}' is to leave ({leave.Reason}) and alone holds {unique} results; there is no other worker with room for them");
        if (leave.MayRefuse)
        {
            worker.Leave = null;
            worker.RefusedToLeave = text;
            _openings++;
            _actions.Add(new SchedulerAction(ActionKind.Warn, worker.Id.Value, default) { Text = $"{text}: it stays." });
        }
        else if (!leave.HasWarned)
        {
            leave.HasWarned = true;
            _actions.Add(new SchedulerAction(ActionKind.Warn, worker.Id.Value, default) { Text = $"{text}: it stays until its time is up." });
        }
    }
}
