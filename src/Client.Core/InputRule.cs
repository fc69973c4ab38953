using Weft.Primitives;

namespace Weft.Client.Core;

/// <summary>Inputs of a range of tasks by rule: task i has the inputs <c>Start + i * Step + j * Stride</c> for j below <paramref name="Count"/>.</summary>
public readonly record struct InputRule(TaskId Start, int Count, long Step, long Stride)
{
    /// <summary>Task i has the one input <paramref name="first"/> + i.</summary>
    public static InputRule Elementwise(TaskId first) => new(first, 1, 1, 0);

    /// <summary>Every task has all of <paramref name="run"/>.</summary>
    public static InputRule All(TaskRun run) => new(run.First, run.Count, 0, 1);
}
