using Weft.Primitives;

namespace Weft.Scheduler.Core;

/// <summary>What a cluster of another size could do at once.</summary>
public sealed partial class SchedulerCore
{
    /// <summary>So many tasks are looked at one by one; of what is beyond, the lanes' are all taken to be ready still, and workers' queues are left out.</summary>
    private const int DemandLooksMax = 200_000;

    private const long WorkNsMax = long.MaxValue / 4;

    /// <summary>What is ready or at workers, by shape, in the order in which shapes were first met.</summary>
    public IReadOnlyList<Demand> Demand()
    {
        var demand = new Demand[_shapes.Count];
        var looks = DemandLooksMax;
        foreach (var shape in _shapes)
        {
            demand[shape.Number] = new Demand(shape.Resources, shape.IsRestricted, 0, 0, 0, 0);
            foreach (var lane in shape.Lanes.Values)
            {
                foreach (var run in lane.Runs)
                {
                    AddReady(ref demand[shape.Number], run, ref looks);
                }
            }
        }

        foreach (var worker in _workers.Values)
        {
            AddAssigned(demand, worker, ref looks);
        }

        return [.. demand.Where(static row => row.Tasks + row.Running > 0)];
    }

    private void AddReady(ref Demand row, TaskRun run, ref int looks)
    {
        var looked = Math.Min(run.Count, looks);
        looks -= looked;
        var ready = run.Count - looked;
        for (var i = 0; i < looked; i++)
        {
            if (_tasks.Find(run.First + i) is var slot and >= 0 && _tasks.Phase[slot] == TaskPhase.Ready)
            {
                ready++;
            }
        }

        // A run may be of several submissions: the first task that is known speaks for all.
        for (var i = 0; i < run.Count && ready > 0; i++)
        {
            if (_tasks.Find(run.First + i) is var slot and >= 0)
            {
                row = Add(row, slot, ready);
                return;
            }
        }
    }

    private void AddAssigned(Demand[] demand, WorkerEntry worker, ref int looks)
    {
        for (var slot = worker.FirstAssigned; slot != TaskTable.None && looks > 0; slot = _tasks.Next[slot])
        {
            looks--;
            ref var row = ref demand[SubmissionOf(slot).Shape.Number];
            if (_tasks.Phase[slot] != TaskPhase.Running)
            {
                // What was handed ahead waits for inputs, and not for a slot.
                row = _tasks.Unmet[slot] == 0 ? Add(row, slot, 1) : row;
            }
            else if (!Has(slot, TaskFlags.WaitingInside))
            {
                row = row with { Running = row.Running + 1 };
            }
        }
    }

    private Demand Add(in Demand row, int slot, int tasks)
    {
        var meanNs = _times.MeanNs(SubmissionOf(slot).Spec.Function);
        return row with
        {
            Tasks = row.Tasks + tasks,
            UnknownTasks = row.UnknownTasks + (meanNs < 0 ? tasks : 0),
            WorkNs = (long)Int128.Min(WorkNsMax, row.WorkNs + ((Int128)Math.Max(0, meanNs) * tasks)),
        };
    }
}
