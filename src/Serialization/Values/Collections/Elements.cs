using System.Runtime.CompilerServices;

namespace Weft.Serialization;

/// <summary>
/// A run of elements, as arrays and lists have it: one binary block where elements are plain numbers, otherwise an array. Either form is read, because other
/// languages write numbers as an array.
/// </summary>
internal abstract class Elements<T>
{
    public abstract void Write(ref ValueWriter writer, scoped ReadOnlySpan<T> items);

    /// <summary>Reads how many there are; their number is backed by as many bytes, so it is safe to allocate.</summary>
    public abstract ElementsHead ReadHead(ref ValueReader reader);

    /// <summary>Reads the elements themselves, exactly as many as the head said.</summary>
    public abstract void Fill(ref ValueReader reader, scoped ElementsHead head, scoped Span<T> items);

    public T[] ReadArray(ref ValueReader reader)
    {
        ElementsHead head = ReadHead(ref reader);
        T[] items = head.Count == 0 ? [] : Allocate(head.Count);
        Fill(ref reader, head, items);
        return items;
    }

    /// <summary>An array that is about to be filled whole, so without clearing it first where that is safe.</summary>
    public static T[] Allocate(int count) =>
        RuntimeHelpers.IsReferenceOrContainsReferences<T>() ? new T[count] : GC.AllocateUninitializedArray<T>(count);
}

/// <param name="count">How many elements.</param>
/// <param name="isBlock">Whether they stand in <paramref name="block"/> rather than next in the reader.</param>
/// <param name="block">Their bytes.</param>
internal readonly ref struct ElementsHead(int count, bool isBlock, ReadOnlySpan<byte> block)
{
    public int Count { get; } = count;

    public bool IsBlock { get; } = isBlock;

    public ReadOnlySpan<byte> Block { get; } = block;
}
