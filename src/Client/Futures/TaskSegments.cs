using Weft.Primitives;

namespace Weft.Client;

/// <summary>Futures as runs of tasks, each with the place of its first among the futures.</summary>
internal readonly record struct TaskSegment(TaskHold Hold, TaskRun Tasks, int Offset)
{
    /// <summary>Runs of at least two neighbours become one segment; a whole Map is one.</summary>
    public static List<TaskSegment> Of(IEnumerable<Future> futures, WeftClient client)
    {
        var segments = new List<TaskSegment>();
        if (futures is IFutureListPart { Part: var list })
        {
            var offset = 0;
            foreach (var (hold, tasks) in list.Range.Runs(list.Offset, list.Count))
            {
                client.Require(hold);
                segments.Add(new TaskSegment(hold, tasks, offset));
                offset += tasks.Count;
            }

            return segments;
        }

        var index = 0;
        foreach (var future in futures)
        {
            Add(segments, client.HoldOf(future), future.Run, index++);
        }

        return segments;
    }

    private static void Add(List<TaskSegment> segments, TaskHold hold, TaskRun task, int index)
    {
        if (segments.Count > 0 && segments[^1] is var last && last.Tasks.End == task.First && last.Hold.Generation == hold.Generation)
        {
            segments[^1] = last with { Tasks = last.Tasks with { Count = last.Tasks.Count + 1 } };
            return;
        }

        segments.Add(new TaskSegment(hold, task, index));
    }
}
