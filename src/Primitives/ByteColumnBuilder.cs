using System.Buffers;
using System.Buffers.Binary;

namespace Weft.Primitives;

/// <summary>Writes a <see cref="ByteColumn"/>, entry by entry. Not thread safe.</summary>
public sealed class ByteColumnBuilder
{
    private readonly ArrayBufferWriter<byte> _data;
    private readonly ArrayBufferWriter<byte> _ends;

    public ByteColumnBuilder(int bytesExpected = 256, int entriesExpected = 16)
    {
        _data = new ArrayBufferWriter<byte>(bytesExpected);
        _ends = new ArrayBufferWriter<byte>(entriesExpected * sizeof(uint));
    }

    public int Count => _ends.WrittenCount / sizeof(uint);

    public int ByteCount => _data.WrittenCount;

    /// <summary>Where the bytes of the current entry go; <see cref="EndEntry"/> closes it.</summary>
    public IBufferWriter<byte> Writer => _data;

    public void EndEntry()
    {
        BinaryPrimitives.WriteInt32LittleEndian(_ends.GetSpan(sizeof(uint)), _data.WrittenCount);
        _ends.Advance(sizeof(uint));
    }

    public void Add(ReadOnlySpan<byte> entry)
    {
        _data.Write(entry);
        EndEntry();
    }

    /// <summary>The column as written so far. It shares this builder's memory: build again only after it has been sent or copied, or use a new builder.</summary>
    public ByteColumn Build() => new(_data.WrittenMemory, _ends.WrittenMemory);

    /// <summary>The ends column, as it goes over the wire.</summary>
    public ReadOnlyMemory<byte> Ends => _ends.WrittenMemory;

    /// <summary>The data column, as it goes over the wire.</summary>
    public ReadOnlyMemory<byte> Data => _data.WrittenMemory;

    public void Clear()
    {
        _data.ResetWrittenCount();
        _ends.ResetWrittenCount();
    }
}
