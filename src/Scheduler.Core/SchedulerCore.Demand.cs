using Weft.Primitives;

namespace Weft.Scheduler.Core;

/// <summary>What a cluster of another size could do at once.</summary>
public sealed partial class SchedulerCore
{
    /// <summary>So many tasks are looked at one by one; of what is beyond, the lanes' are all taken to be ready still, and workers' queues are left out.</summary>
    private const int DemandLooksMax = 200_000;

    /// <summary>What is ready or at workers, by shape in the order in which shapes were first met, and by the length of functions, the unknown first.</summary>
    public IReadOnlyList<Demand> Demand()
    {
        var rows = new DemandRows(_shapes);
        var looks = DemandLooksMax;
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
            AddAssigned(rows, worker, ref looks);
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

    private void AddAssigned(DemandRows rows, WorkerEntry worker, ref int looks)
    {
        for (var slot = worker.FirstAssigned; slot != TaskTable.None && looks > 0; slot = _tasks.Next[slot])
        {
            looks--;
            if (_tasks.Phase[slot] != TaskPhase.Running)
            {
                // What was handed ahead waits for inputs, and not for a slot.
                Add(rows, slot, tasks: _tasks.Unmet[slot] == 0 ? 1 : 0);
            }
            else if (!Has(slot, TaskFlags.WaitingInside))
            {
                Add(rows, slot, running: 1);
            }
        }
    }

    private void Add(DemandRows rows, int slot, int tasks = 0, int running = 0)
    {
        var entry = SubmissionOf(slot);
        rows.Add(entry.Shape, _times.MeanNs(entry.Spec.Function), tasks, running);
    }
}
