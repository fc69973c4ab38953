using Weft.Primitives;

namespace Weft.Client;

/// <summary>Which part of a Map's tasks a list is of.</summary>
internal readonly record struct FutureListPart(WeftClient Client, FutureRange Range, int Offset, int Count)
{
    /// <summary>The hold when all of the Map's tasks are one run; else null.</summary>
    public TaskHold? SingleHold => Range.Holds.Count == 1 ? Range.Holds[0] : null;

    /// <summary>The tasks, when they are one run.</summary>
    public TaskRun SingleRun => Range.Holds[0].Tasks.Slice(Offset, Count);

    public FutureListPart Slice(int start, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, Count - length);
        return this with { Offset = Offset + start, Count = length };
    }

    public Future<T> ElementAt<T>(int index)
    {
        if ((uint)index >= (uint)Count)
        {
            throw new ArgumentOutOfRangeException(nameof(index), index, $"The list has {Count} futures.");
        }

        return Range.ElementAt<T>(Client, Offset + index);
    }

    public void Release()
    {
        foreach (var hold in Range.Holds)
        {
            hold.Dispose();
        }
    }
}

/// <summary>A list that is a part of a Map: operations take it as runs of tasks, without making its elements.</summary>
internal interface IFutureListPart
{
    FutureListPart Part { get; }
}
