using Weft.Primitives;

namespace Weft.Worker.Core;

/// <summary>Inputs of a range of tasks by rule: task i has the inputs <c>Start + i * Step + j * Stride</c> for j below <c>Count</c>.</summary>
public readonly record struct InputRule(TaskId Start, int Count, long Step, long Stride)
{
    public TaskId this[int task, int input] => new(unchecked(Start.Value + (ulong)((task * Step) + (input * Stride))));
}
