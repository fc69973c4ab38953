using System.Collections;
using Weft.Client;
using Weft.Primitives;

namespace Weft;

/// <summary>
/// The futures of a Map, in the order of its elements. It costs the same for ten tasks and for a million: elements are made when they are asked
/// for. Thread safe. The cluster keeps all results while the list, a slice of it or an element is in use.
/// </summary>
public abstract class FutureList : IReadOnlyList<Future>, IDisposable
{
    private protected FutureList(WeftClient client, FutureRange range, int offset, int count)
    {
        Client = client;
        Range = range;
        Offset = offset;
        Count = count;
    }

    /// <summary>How many futures there are.</summary>
    public int Count { get; }

    /// <summary>One of the futures; the same object each time.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> - 1.</param>
    public Future this[int index] => ElementAt(index);

    internal WeftClient Client { get; }

    internal FutureRange Range { get; }

    internal int Offset { get; }

    /// <summary>The hold when all tasks are one run; else null.</summary>
    internal TaskHold? SingleHold => Range.Holds.Count == 1 ? Range.Holds[0] : null;

    /// <summary>The tasks, when they are one run.</summary>
    internal TaskRun SingleRun => Range.Holds[0].Tasks.Slice(Offset, Count);

    /// <summary>Lets go of the results of the whole Map this list comes from, sooner than the garbage collector would.</summary>
    public void Dispose()
    {
        foreach (var hold in Range.Holds)
        {
            hold.Dispose();
        }

        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    public IEnumerator<Future> GetEnumerator()
    {
        for (var index = 0; index < Count; index++)
        {
            yield return ElementAt(index);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>For people: <c>&lt;FutureList: count: 10, type: Int32&gt;</c>.</summary>
    public override string ToString() => $"<FutureList: count: {Count}, type: {TypeText.Of(ResultType)}>";

    internal abstract Type ResultType { get; }

    private protected abstract Future ElementAt(int index);
}

/// <summary>The futures of a Map with results, in the order of its elements.</summary>
/// <typeparam name="T">The type of each result.</typeparam>
/// <inheritdoc/>
public sealed class FutureList<T> : FutureList, IReadOnlyList<Future<T>>
{
    internal FutureList(WeftClient client, FutureRange range)
        : this(client, range, 0, range.Count)
    {
    }

    private FutureList(WeftClient client, FutureRange range, int offset, int count)
        : base(client, range, offset, count)
    {
    }

    /// <inheritdoc cref="FutureList.this"/>
    public new Future<T> this[int index] => (Future<T>)ElementAt(index);

    internal override Type ResultType => typeof(T);

    /// <summary>A part of the list, which keeps the whole Map's results alive. Also written <c>list[2..5]</c>.</summary>
    /// <param name="start">Index of the first.</param>
    /// <param name="length">How many.</param>
    public FutureList<T> Slice(int start, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, Count - length);
        return new FutureList<T>(Client, Range, Offset + start, length);
    }

    /// <inheritdoc/>
    public new IEnumerator<Future<T>> GetEnumerator()
    {
        for (var index = 0; index < Count; index++)
        {
            yield return this[index];
        }
    }

    private protected override Future ElementAt(int index)
    {
        if ((uint)index >= (uint)Count)
        {
            throw new ArgumentOutOfRangeException(nameof(index), index, $"The list has {Count} futures.");
        }

        return (Future<T>)Range.ElementAt(Offset + index, (hold, task) => new Future<T>(Client, hold, task, Range.Source));
    }
}
