using System.Globalization;
using System.Text;
using Weft.Primitives;

namespace Weft.Scheduler.Core;

/// <summary>The last transitions, in a ring of fixed size: what a task's story is told from.</summary>
internal sealed class TransitionLog(int entriesMax)
{
    private readonly Entry[] _ring = new Entry[Math.Max(1, entriesMax)];
    private long _count;

    private readonly record struct Entry(long TimeMs, TaskRun Run, TaskPhase? Phase, string Cause, WorkerId Worker, ulong Attempt);

    /// <param name="phase">The phase that was entered; null when the tasks were forgotten.</param>
    public void Add(long timeMs, TaskRun run, TaskPhase? phase, string cause, int worker, ulong attempt)
    {
        // A run that grows task by task is one entry: what happens in bulk is told in bulk.
        if (_count > 0)
        {
            ref var last = ref _ring[(_count - 1) % _ring.Length];
            if (last.Run.End == run.First && last.Phase == phase && last.TimeMs == timeMs && last.Attempt == attempt
                && last.Worker.Value == worker && ReferenceEquals(last.Cause, cause))
            {
                last = last with { Run = new TaskRun(last.Run.First, last.Run.Count + run.Count) };
                return;
            }
        }

        _ring[_count++ % _ring.Length] = new Entry(timeMs, run, phase, cause, new WorkerId(worker), attempt);
    }

    /// <summary>One task's life as far back as the ring reaches, a line for each transition.</summary>
    public string Story(TaskId id)
    {
        var story = new StringBuilder();
        for (var i = Math.Max(0, _count - _ring.Length); i < _count; i++)
        {
            var entry = _ring[i % _ring.Length];
            if (entry.Run.Contains(id))
            {
                story.Append(CultureInfo.InvariantCulture, $"{entry.TimeMs} ms  {id} -> {entry.Phase?.ToString() ?? "Forgotten"}: {entry.Cause}");
                if (entry.Worker != WorkerId.None)
                {
                    story.Append(CultureInfo.InvariantCulture, $", worker {entry.Worker}");
                }

                if (entry.Attempt != 0)
                {
                    story.Append(CultureInfo.InvariantCulture, $", attempt {entry.Attempt}");
                }

                story.AppendLine();
            }
        }

        return story.ToString();
    }
}
