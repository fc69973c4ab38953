using System.Collections;
using Weft.Client;

namespace Weft;

/// <summary>
/// The futures of a Map without results, in the order of its elements. It costs the same for ten tasks and for a million: elements are made when
/// they are asked for. Thread safe.
/// </summary>
<<<<<<< HEAD
public abstract class FutureList : IDisposable
=======
public sealed class FutureList : IReadOnlyList<Future>, IFutureListPart, IDisposable
>>>>>>> 5db93f5b663aa5b195e5546d81af79c56fb3e172
{
    private readonly FutureListPart _part;

    internal FutureList(FutureListPart part) => _part = part;

    /// <summary>How many futures there are.</summary>
    public int Count => _part.Count;

    /// <summary>One of the futures; the same object each time.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> - 1.</param>
    public Future this[int index] => _part.ElementAt<Nothing>(index);

    FutureListPart IFutureListPart.Part => _part;

    /// <summary>A part of the list. Also written <c>list[2..5]</c>.</summary>
    /// <param name="start">Index of the first.</param>
    /// <param name="length">How many.</param>
    public FutureList Slice(int start, int length) => new(_part.Slice(start, length));

    /// <summary>Lets go of the whole Map this list comes from, sooner than the garbage collector would.</summary>
    public void Dispose() => _part.Release();

<<<<<<< HEAD
    /// <summary>The futures as a sequence. (Not an interface of this class: with two of them the compiler could not infer T from a <see cref="FutureList{T}"/>.)</summary>
    public IReadOnlyList<Future> AsFutures() => (IReadOnlyList<Future>)this;

    /// <summary>Makes <c>foreach</c> work.</summary>
    public IEnumerator<Future> GetEnumerator() => AsFutures().GetEnumerator();

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
=======
    /// <inheritdoc/>
    public IEnumerator<Future> GetEnumerator()
>>>>>>> 5db93f5b663aa5b195e5546d81af79c56fb3e172
    {
        for (var index = 0; index < Count; index++)
        {
            yield return this[index];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
<<<<<<< HEAD

    private protected override Future ElementAt(int index)
    {
        if ((uint)index >= (uint)Count)
        {
            throw new ArgumentOutOfRangeException(nameof(index), index, $"The list has {Count} futures.");
        }
=======
>>>>>>> 5db93f5b663aa5b195e5546d81af79c56fb3e172

    /// <summary>For people: <c>&lt;FutureList: count: 10, type: Void&gt;</c>.</summary>
    public override string ToString() => $"<FutureList: count: {Count}, type: {TypeText.Of(typeof(Nothing))}>";
}
