using Weft.Primitives;

namespace Weft.Worker.Core;

/// <summary>Tasks with neighbouring ids and one attempt: how orders and reports name what runs.</summary>
public readonly record struct AttemptRun(TaskRun Run, Attempt Attempt)
{
    public override string ToString() => $"{Run}@{Attempt}";
}
