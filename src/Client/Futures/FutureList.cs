using System.Collections;
using Weft.Client;

namespace Weft;

/// <summary>
/// The futures of a Map without results, in the order of its elements. It costs the same for ten tasks and for a million: elements are made when
/// they are asked for. Thread safe.
/// </summary>
public sealed class FutureList : IReadOnlyList<Future>, IFutureListPart, IDisposable
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

    /// <inheritdoc/>
    public IEnumerator<Future> GetEnumerator()
    {
        for (var index = 0; index < Count; index++)
        {
            yield return this[index];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>For people: <c>&lt;FutureList: count: 10, type: Void&gt;</c>.</summary>
    public override string ToString() => $"<FutureList: count: {Count}, type: {TypeText.Of(typeof(Nothing))}>";
}
