using Weft.Primitives;

namespace Weft.Client;

/// <summary>The tasks of one Map: usually one run, more when others submitted meanwhile. Shared by the list and its slices.</summary>
internal sealed class FutureRange
{
    private readonly int[] _starts;

    /// <summary>Made when an element is first asked for.</summary>
    private Future?[]? _elements;

    public FutureRange(IReadOnlyList<TaskHold> holds, FutureSource source)
    {
        Holds = holds;
        Source = source;
        _starts = new int[holds.Count];
        for (var index = 0; index < holds.Count; index++)
        {
            _starts[index] = Count;
            Count += holds[index].Tasks.Count;
        }
    }

    public IReadOnlyList<TaskHold> Holds { get; }

    public FutureSource Source { get; }

    public int Count { get; }

    /// <summary>The runs that a part consists of.</summary>
    public IEnumerable<(TaskHold Hold, TaskRun Tasks)> Runs(int offset, int count)
    {
        for (var index = 0; index < Holds.Count; index++)
        {
            var from = Math.Max(offset, _starts[index]);
            var to = Math.Min(offset + count, _starts[index] + Holds[index].Tasks.Count);
            if (from < to)
            {
                yield return (Holds[index], Holds[index].Tasks.Slice(from - _starts[index], to - from));
            }
        }
    }

    public Future<T> ElementAt<T>(WeftClient client, int index)
    {
        var elements = LazyInitializer.EnsureInitialized(ref _elements, () => new Future?[Count]);
        if (Volatile.Read(ref elements[index]) is { } known)
        {
            return (Future<T>)known;
        }

        var at = Array.BinarySearch(_starts, index);
        var segment = at >= 0 ? at : ~at - 1;
        var task = new TaskRun(Holds[segment].Tasks.First + (index - _starts[segment]));
        var made = new Future<T>(client, Holds[segment], task, Source);
        return (Future<T>?)Interlocked.CompareExchange(ref elements[index], made, null) ?? made;
    }
}
