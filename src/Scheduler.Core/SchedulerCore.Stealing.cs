using Weft.Primitives;

namespace Weft.Scheduler.Core;

/// <summary>Stealing is taking back and placing anew: a worker with a long queue is asked for what it has not begun.</summary>
public sealed partial class SchedulerCore
{
    /// <summary>The most tasks that one worker is asked for at a time.</summary>
    private const int RetractMax = 1024;

    private readonly List<int> _toRetract = [];
    private readonly List<WorkerEntry> _victims = [];

    private void RetractForIdle()
    {
        // Mostly there is nobody to take from: then this costs one look at each worker.
        _victims.Clear();
        foreach (var worker in _workers.Values)
        {
            if (worker.Retracting == 0 && worker.Assigned - worker.WaitingInside > worker.Slots && worker.WaitNs >= StealFromNs)
            {
                _victims.Add(worker);
            }
        }

        for (var i = 0; i < _workers.Count && _victims.Count > 0; i++)
        {
            var thief = _workers.Values[i];
            if (thief.IsOpen && thief.Assigned - thief.WaitingInside < thief.Slots)
            {
                var victim = _victims.MaxBy(worker => (worker.WaitNs, -worker.Id.Value))!;
                if (victim != thief && RetractFrom(victim, thief))
                {
                    _victims.Remove(victim);
                }
            }
        }
    }

    /// <summary>Asks for half of the queue from its end, of what the thief may run and would begin sooner, the moving of its inputs included.</summary>
    private bool RetractFrom(WorkerEntry victim, WorkerEntry thief)
    {
        _toRetract.Clear();
        var surplus = Math.Min(RetractMax, (victim.Assigned - victim.WaitingInside - victim.Slots + 1) / 2);
        var looked = 0;
        var behind = 0L;
        for (var slot = victim.LastAssigned; slot != TaskTable.None && _toRetract.Count < surplus && looked < 2 * RetractMax; slot = _tasks.Previous[slot])
        {
            looked++;

            // What counts is the wait until its own turn: with the wait of the whole queue its first task would be moved for those behind it,
            // which follow it when they are its chain, and so for ever.
            behind += _tasks.Estimate[slot];
            var waitNs = (victim.Backlog - behind) * WorkerEntry.BacklogUnitNs / victim.Slots;
            if (_tasks.Phase[slot] == TaskPhase.Assigned && IsWorthMoving(slot, waitNs, thief))
            {
                _toRetract.Add(slot);
            }
        }

        foreach (var slot in _toRetract)
        {
            Set(slot, TaskFlags.Retracting);
            victim.Retracting++;
        }

        _toRetract.Sort((left, right) => _tasks.IdOf(left).CompareTo(_tasks.IdOf(right)));
        foreach (var slot in _toRetract)
        {
            _actions.AddRun(ActionKind.Retract, victim.Id.Value, new TaskRun(_tasks.IdOf(slot)), _tasks.Attempt[slot]);
        }

        return _toRetract.Count > 0;
    }

    private bool IsWorthMoving(int slot, long waitNs, WorkerEntry thief)
    {
        var entry = SubmissionOf(slot);
        if (!entry.Shape.Fits(thief) || (entry.Shape.NeedsResources && !thief.HasResources(entry.Shape.Resources)) || _tasks.Unmet[slot] > 0)
        {
            return false;
        }

        var task = (int)(_tasks.IdOf(slot) - entry.Spec.First);
        return MoveNs(entry.Spec, task, entry.Spec.InputCount(task), thief.Id.Value) + StealFromNs <= waitNs;
    }
}
