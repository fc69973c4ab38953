using Weft.Primitives;

namespace Weft.Scheduler.Core;

/// <summary>Inputs by rule: task i of a submission has the inputs <c>Start + i * Step + j * Stride</c> for j below <c>Count</c>.</summary>
public readonly record struct InputRule(TaskId Start, int Count, long Step, long Stride)
{
    public TaskId Input(int task, int index) => Start + ((task * Step) + (index * Stride));

    /// <summary>The same rule for the tasks from <paramref name="offset"/> on.</summary>
    public InputRule From(int offset) => this with { Start = Start + (offset * Step) };
}
