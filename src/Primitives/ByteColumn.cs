using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Weft.Primitives;

/// <summary>
/// Many byte strings end to end, with a column that says where each ends. Entries are never copied to be looked at.
/// The ends are little-endian 32-bit words, as on the wire.
/// </summary>
public readonly struct ByteColumn
{
    private readonly ReadOnlyMemory<byte> _ends;
    private readonly int _start;

    /// <param name="data">The entries, end to end.</param>
    /// <param name="ends">One little-endian 32-bit word for each entry: the offset in <paramref name="data"/> after its last byte.</param>
    public ByteColumn(ReadOnlyMemory<byte> data, ReadOnlyMemory<byte> ends)
        : this(data, ends, 0)
    {
    }

    private ByteColumn(ReadOnlyMemory<byte> data, ReadOnlyMemory<byte> ends, int start)
    {
        Data = data;
        _ends = ends;
        _start = start;
    }

    public static ByteColumn Empty => default;

    /// <summary>All bytes that this column's ends speak of, its own and, in a slice, its neighbours'.</summary>
    public ReadOnlyMemory<byte> Data { get; }

    public int Count => _ends.Length / sizeof(uint);

    public ReadOnlyMemory<byte> this[int index]
    {
        get
        {
            var start = StartOf(index);
            return Data[start..EndOf(index)];
        }
    }

    /// <summary>The bytes of all entries together.</summary>
    public ReadOnlyMemory<byte> Bytes => Count == 0 ? default : Data[_start..EndOf(Count - 1)];

    /// <summary>A column of one entry.</summary>
    public static ByteColumn Of(ReadOnlyMemory<byte> entry)
    {
        var end = new byte[sizeof(uint)];
        BinaryPrimitives.WriteInt32LittleEndian(end, entry.Length);
        return new ByteColumn(entry, end);
    }

    /// <summary>The ends as words that count from the first byte of <see cref="Bytes"/>: a slice as it goes over the wire.</summary>
    public ReadOnlyMemory<byte> EndsFromZero()
    {
        if (_start == 0)
        {
            return _ends;
        }

        var ends = new byte[_ends.Length];
        for (var i = 0; i < Count; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(ends.AsSpan(i * sizeof(uint)), EndOf(i) - _start);
        }

        return ends;
    }

    public ReadOnlySpan<byte> Span(int index)
    {
        var start = StartOf(index);
        return Data.Span[start..EndOf(index)];
    }

    public int LengthOf(int index) => EndOf(index) - StartOf(index);

    /// <summary>Where an entry begins within <see cref="Data"/>.</summary>
    public int StartOf(int index) => index == 0 ? _start : EndOf(index - 1);

    public ByteColumn Slice(int offset, int count) =>
        new(Data, _ends.Slice(offset * sizeof(uint), count * sizeof(uint)), StartOf(offset));

    /// <summary>
    /// Whether the ends rise and stay within the data: to be asked once of every column that came from a peer, before anything else.
    /// </summary>
    public bool IsWellFormed(int expectedCount)
    {
        if (_ends.Length != (long)expectedCount * sizeof(uint))
        {
            return false;
        }

        var last = (uint)_start;
        foreach (var word in MemoryMarshal.Cast<byte, uint>(_ends.Span))
        {
            var end = BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word);
            if (end < last || end > (uint)Data.Length)
            {
                return false;
            }

            last = end;
        }

        return true;
    }

    private int EndOf(int index) => BinaryPrimitives.ReadInt32LittleEndian(_ends.Span[(index * sizeof(uint))..]);
}
