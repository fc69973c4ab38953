using System.Collections;
using Weft.Client;

namespace Weft;

/// <summary>
/// The futures of a Map, in the order of its elements. It costs the same for ten tasks and for a million: elements are made when they are asked
/// for. Thread safe. The cluster keeps all results while the list, a slice of it or an element is in use.
/// </summary>
/// <typeparam name="T">The type of each result.</typeparam>
public sealed class FutureList<T> : IReadOnlyList<Future<T>>, IFutureListPart, IDisposable
{
    private readonly FutureListPart _part;

    internal FutureList(FutureListPart part) => _part = part;

    /// <summary>How many futures there are.</summary>
    public int Count => _part.Count;

    /// <summary>One of the futures; the same object each time.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> - 1.</param>
    public Future<T> this[int index] => _part.ElementAt<T>(index);

    FutureListPart IFutureListPart.Part => _part;

    /// <summary>A part of the list, which keeps the whole Map's results alive. Also written <c>list[2..5]</c>.</summary>
    /// <param name="start">Index of the first.</param>
    /// <param name="length">How many.</param>
    public FutureList<T> Slice(int start, int length) => new(_part.Slice(start, length));

    /// <summary>Lets go of the results of the whole Map this list comes from, sooner than the garbage collector would.</summary>
    public void Dispose() => _part.Release();

    /// <inheritdoc/>
    public IEnumerator<Future<T>> GetEnumerator()
    {
        for (var index = 0; index < Count; index++)
        {
            yield return this[index];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>For people: <c>&lt;FutureList: count: 10, type: Int32&gt;</c>.</summary>
    public override string ToString() => $"<FutureList: count: {Count}, type: {TypeText.Of(typeof(T))}>";
}
