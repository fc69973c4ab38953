using Weft.Primitives;

namespace Weft.Scheduler.Core;

/// <summary>What a cluster of another size could do at once.</summary>
public sealed partial class SchedulerCore
{
    /// <summary>So many tasks of the lanes are looked at one by one; those beyond are all taken to be ready still.</summary>
    private const int ReadyLooksMax = 100_000;

    /// <summary>So many tasks at workers are looked at, as many at each. What is beyond is left out: it is far back in long queues.</summary>
    private const int QueueLooksMax = 100_000;

    /// <summary>What is ready or at workers, by shape in the order in which shapes were first met, and by the length of functions, the unknown first.</summary>
    public IReadOnlyList<Demand> Demand()
    {
        var rows = new DemandRows(_shapes);
        var looks = ReadyLooksMax;
        foreach (var shape in _shapes)
        {
            foreach (var lane in shape.Lanes.Values)
            {
                foreach (var run in lane.Runs)
                {
                    AddReady(rows, run, ref looks);
                }
            }
        }

        foreach (var worker in _workers.Values)
        {
            foreach (var (slot, holds) in RunnableAt(worker))
            {
                Add(rows, slot, tasks: holds ? 0 : 1, running: holds ? 1 : 0);
            }
        }

        return rows.ToList();
    }

    private void AddReady(DemandRows rows, TaskRun run, ref int looks)
    {
        var looked = Math.Min(run.Count, looks);
        looks -= looked;
        AddLooked(rows, run.Slice(0, looked));
        if (looked < run.Count && FirstKnown(run.Slice(looked, run.Count - looked)) is var slot and >= 0)
        {
            // A run may be of several submissions: the first task that is known speaks for all.
            Add(rows, slot, tasks: run.Count - looked);
        }
    }

    /// <summary>Adds what is ready of a run, which may be of several submissions.</summary>
    private void AddLooked(DemandRows rows, TaskRun run)
    {
        var (last, ready) = (TaskTable.None, 0);
        for (var rest = run; rest.Count > 0;)
        {
            var length = _tasks.Part(rest, out var first);
            for (var slot = first; first >= 0 && slot < first + length; slot++)
            {
                if (!_tasks.IsLive(slot) || _tasks.Phase[slot] != TaskPhase.Ready)
                {
                    continue;
                }

                if (ready > 0 && _tasks.SubmissionOf[slot] != _tasks.SubmissionOf[last])
                {
                    Add(rows, last, ready);
                    ready = 0;
                }

                last = slot;
                ready++;
            }

            rest = rest.Slice(length, rest.Count - length);
        }

        if (ready > 0)
        {
            Add(rows, last, ready);
        }
    }

    private int FirstKnown(TaskRun run)
    {
        for (var rest = run; rest.Count > 0;)
        {
            var length = _tasks.Part(rest, out var first);
            for (var slot = first; first >= 0 && slot < first + length; slot++)
            {
                if (_tasks.IsLive(slot))
                {
                    return slot;
                }
            }

            rest = rest.Slice(length, rest.Count - length);
        }

        return TaskTable.None;
    }

    /// <summary>A worker's slots that are taken. A task that has a resource may wait for one: no more count than there are.</summary>
    private int HoldingAt(WorkerEntry worker)
    {
        var begun = worker.Running - worker.WaitingInside;
        return begun + RunnableAt(worker).Where(task => task.Holds && _tasks.Phase[task.Slot] != TaskPhase.Running).Take(worker.Slots - begun).Count();
    }

    /// <summary>
    /// Tasks that a worker was given and that wait for nothing but it, in that order, and whether they hold what they need. Of short ones it is never said that they run, and one
    /// may fetch its inputs for long before: so the first that fit into its slots hold them, whether they are known to run or not. Whoever needs a resource has claimed it: as many more
    /// of these as there are slots count as if they held one, since what they need is here; others wait for a slot, though of the resource there is plenty. One that is paused or leaves begins no more.
    /// </summary>
    private IEnumerable<(int Slot, bool Holds)> RunnableAt(WorkerEntry worker)
    {
        var free = worker.Slots - (worker.Running - worker.WaitingInside);
        var looks = Math.Max(QueueLooksMax / _workers.Count, worker.Running + worker.Slots);
        for (var slot = worker.FirstAssigned; slot != TaskTable.None && looks > 0; slot = _tasks.Next[slot], looks--)
        {
            if (_tasks.Phase[slot] == TaskPhase.Running)
            {
                if (!Has(slot, TaskFlags.WaitingInside))
                {
                    yield return (slot, true);
                }
            }
            else if (_tasks.Unmet[slot] == 0)
            {
                var holds = worker.IsOpen && free > (SubmissionOf(slot).Shape.NeedsResources ? -worker.Slots : 0);
                free -= holds ? 1 : 0;
                yield return (slot, holds);
            }
        }
    }

    private void Add(DemandRows rows, int slot, int tasks, int running = 0)
    {
        var entry = SubmissionOf(slot);
        rows.Add(entry.Shape, _times.MeanNs(entry.Spec.Function), tasks, running);
    }
}
