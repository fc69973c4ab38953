using System.Globalization;
using System.Text;
using Weft.Primitives;

namespace Weft.Worker.Core;

/// <summary>The last steps of all tasks, so that one task's life can be told when something is wrong. A ring: costs a few nanoseconds a step.</summary>
internal sealed class StoryLog(int length)
{
    private readonly Step[] _ring = new Step[length];
    private long _count;

    public void Add(long timeMs, StoryStep what, TaskRun run, Attempt attempt = default, int slot = -1) =>
        _ring[_count++ % _ring.Length] = new Step(timeMs, what, run, attempt, slot);

    public void Tell(TaskId id, StringBuilder story)
    {
        for (var place = Math.Max(0, _count - _ring.Length); place < _count; place++)
        {
            ref readonly var step = ref _ring[place % _ring.Length];
            if (!step.Run.Contains(id))
            {
                continue;
            }

            story.Append(CultureInfo.InvariantCulture, $"{step.TimeMs} ms {step.What}");
            if (step.Attempt != Attempt.None)
            {
                story.Append(CultureInfo.InvariantCulture, $" attempt {step.Attempt}");
            }

            if (step.Slot >= 0)
            {
                story.Append(CultureInfo.InvariantCulture, $" slot {step.Slot}");
            }

            story.Append(CultureInfo.InvariantCulture, $" (as {step.Run})").Append('\n');
        }
    }

    private readonly record struct Step(long TimeMs, StoryStep What, TaskRun Run, Attempt Attempt, int Slot);
}

internal enum StoryStep : byte
{
    Assigned,
    Blocked,
    Ready,
    Begun,
    Completed,
    Failed,
    Yielded,
    Waits,
    CanResume,
    Resumed,
    Retracted,
    NotRetracted,
    Cancelled,
    Superseded,
    LeftBehind,
    Given,
    FetchAsked,
    Fetched,
    FetchFailed,
    Missing,
    Freed,
    Dropped,
}
