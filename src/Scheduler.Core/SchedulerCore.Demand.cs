using Weft.Primitives;

namespace Weft.Scheduler.Core;

/// <summary>What a larger cluster could do at once.</summary>
public sealed partial class SchedulerCore
{
    /// <summary>So many tasks of a shape are looked at one by one; of what is beyond, all are taken to be ready still.</summary>
    private const int DemandLooksMax = 100_000;

    /// <summary>What is ready and at no worker, by shape.</summary>
    public IReadOnlyList<Demand> Demand()
    {
        var demand = new List<Demand>();
        foreach (var shape in _shapes)
        {
            var (tasks, unknown, work) = (0L, 0L, 0L);
            var looks = DemandLooksMax;
            foreach (var lane in shape.Lanes.Values)
            {
                foreach (var run in lane.Runs)
                {
                    var ready = CountReady(run, ref looks);
                    if (ready == 0)
                    {
                        continue;
                    }

                    // A run may be of several submissions: the first task that is known speaks for all.
                    var meanNs = MeanNsOf(run);
                    tasks += ready;
                    unknown += meanNs < 0 ? ready : 0;
                    work = meanNs > 0 ? Math.Min(long.MaxValue / 4, work + SaturatingProduct(meanNs, ready)) : work;
                }
            }

            if (tasks > 0)
            {
                demand.Add(new Demand(shape.Resources, shape.IsRestricted, tasks, unknown, work));
            }
        }

        return demand;
    }

    private int CountReady(TaskRun run, ref int looks)
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

        return ready;
    }

    private long MeanNsOf(TaskRun run)
    {
        for (var i = 0; i < run.Count; i++)
        {
            if (_tasks.Find(run.First + i) is var slot and >= 0)
            {
                return _times.MeanNs(SubmissionOf(slot).Spec.Function);
            }
        }

        return -1;
    }

    private static long SaturatingProduct(long left, long right) => Math.BigMul(left, right, out var low) == 0 && low >= 0 ? low : long.MaxValue / 4;
}
