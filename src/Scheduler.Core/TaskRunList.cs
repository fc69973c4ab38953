using Weft.Primitives;

namespace Weft.Scheduler.Core;

/// <summary>Lists of runs that grow at their ends.</summary>
internal static class TaskRunList
{
    /// <summary>Adds a run; one that goes on where the last ends becomes a part of that.</summary>
    public static void AddOrJoin(this List<TaskRun> runs, TaskRun run)
    {
        if (runs.Count > 0 && runs[^1].End == run.First)
        {
            runs[^1] = new TaskRun(runs[^1].First, runs[^1].Count + run.Count);
            return;
        }

        runs.Add(run);
    }
}
