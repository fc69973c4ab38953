using Weft.Primitives;

namespace Weft.Scheduler.Core;

/// <summary>
/// Handing ahead: a task whose last unfinished input is being made at a worker goes there before that is done, so that a chain needs no round trip for
/// each link. It builds on that attempt: when it is taken back, so is the task. Tasks with more unfinished inputs are no chain: other work is there
/// meanwhile, and one by one they would cost more than they gain (Graphs' random-dag: a fifth).
/// </summary>
public sealed partial class SchedulerCore
{
    /// <summary>Of more inputs it is not looked where they are.</summary>
    private const int AheadInputsMax = 64;

    /// <summary>
    /// A slot with more work than this before it will not run dry within a round trip or two: dependents become ready in time, and
    /// then travel as ranges with their values. (Graphs' tree: handing all of its nodes ahead one by one cost three times as much.)
    /// </summary>
    private const long AheadWithinNs = 2_000_000;

    /// <summary>Puts a waiting task into a worker's queue of candidates if all that it waits for is made and kept there.</summary>
    private void ConsiderAhead(int slot)
    {
        if (AheadWorker(slot) is { } worker)
        {
            worker.Ahead.Enqueue(_tasks.IdOf(slot));
        }
    }

    private static bool RunsDrySoon(WorkerEntry worker) =>
        worker.WaitNs < AheadWithinNs || worker.Assigned - worker.WaitingInside <= worker.Slots;

    private WorkerEntry? AheadWorker(int slot)
    {
        if (_tasks.Phase[slot] != TaskPhase.Waiting || _tasks.Unmet[slot] != 1 || Has(slot, TaskFlags.Alias))
        {
            return null;
        }

        var entry = SubmissionOf(slot);
        var task = (int)(_tasks.IdOf(slot) - entry.Spec.First);
        var inputs = entry.Spec.InputCount(task);
        if (inputs > AheadInputsMax || entry.Shape.NeedsResources || Has(slot, TaskFlags.Suspected) || MustWaitForRecovery(slot))
        {
            return null;
        }

        for (var k = 0; k < inputs; k++)
        {
            var input = _tasks.Find(entry.Spec.Input(task, k));
            if (_tasks.Phase[input] != TaskPhase.Done)
            {
                return IsAtWorker(input) && Has(input, TaskFlags.Kept) && _workers.TryGetValue(_tasks.Worker[input], out var worker) && entry.Shape.Fits(worker) ? worker : null;
            }
        }

        return null;
    }

    /// <summary>Whether a task is the last that another waits for.</summary>
    private bool LeadsOn(int slot)
    {
        for (var edge = _tasks.FirstEdge[slot]; edge != EdgeTable.None; edge = _edges.NextOf(edge))
        {
            if (_tasks.Find(_edges.TargetOf(edge)) is var dependent and >= 0 && _tasks.Unmet[dependent] == 1)
            {
                return true;
            }
        }

        return false;
    }

    private void HandAhead(ref int budget)
    {
        foreach (var worker in _workers.Values)
        {
            while (budget > 0 && worker.Ahead.TryPeek(out var id))
            {
                var slot = _tasks.Find(id);
                if (slot < 0 || AheadWorker(slot) != worker)
                {
                    worker.Ahead.Dequeue();
                    continue;
                }

                var entry = SubmissionOf(slot);
                if (!RunsDrySoon(worker) || RoomFor(worker, entry.Shape, entry.Spec) <= 0)
                {
                    break;
                }

                worker.Ahead.Dequeue();
                Assign(worker, entry.Shape, entry.Spec, new TaskRun(id), InputForm.ById);
                budget--;
            }
        }
    }
}
