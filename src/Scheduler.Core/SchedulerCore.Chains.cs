using Weft.Primitives;

namespace Weft.Scheduler.Core;

/// <summary>
/// Handing ahead: a task whose unfinished inputs are all being made at one worker goes there before they are done, so that
/// a chain needs no round trip for each link. It builds on those attempts: when one of them is taken back, so is it.
/// </summary>
public sealed partial class SchedulerCore
{
    /// <summary>More unfinished inputs than this are a fan-in, not a chain.</summary>
    private const int AheadInputsMax = 16;

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
        if (_tasks.Phase[slot] != TaskPhase.Waiting || _tasks.Unmet[slot] is 0 or > AheadInputsMax || Has(slot, TaskFlags.Alias))
        {
            return null;
        }

        var entry = SubmissionOf(slot);
        var task = (int)(_tasks.IdOf(slot) - entry.Spec.First);
        var inputs = entry.Spec.InputCount(task);
        if (inputs > AheadInputsMax * 4 || entry.Shape.NeedsResources || Has(slot, TaskFlags.Suspected) || MustWaitForRecovery(slot))
        {
            return null;
        }

        var at = TaskTable.None;
        for (var k = 0; k < inputs; k++)
        {
            var input = _tasks.Find(entry.Spec.Input(task, k));
            if (_tasks.Phase[input] == TaskPhase.Done)
            {
                continue;
            }

            if (!IsAtWorker(input) || !Has(input, TaskFlags.Kept) || (at != TaskTable.None && at != _tasks.Worker[input]))
            {
                return null;
            }

            at = _tasks.Worker[input];
        }

        return at != TaskTable.None && _workers.TryGetValue(at, out var worker) && entry.Shape.Fits(worker) ? worker : null;
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
