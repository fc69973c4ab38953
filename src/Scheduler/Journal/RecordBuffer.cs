using System.Buffers;
using System.Buffers.Binary;
using Weft.Primitives;
using Weft.Scheduler.Core;

namespace Weft.Scheduler;

/// <summary>Records on their way to a file, framed. Not thread safe.</summary>
internal sealed class RecordBuffer : IBufferWriter<byte>
{
    private const int BytesAtFirst = 64 * 1024;

    /// <summary>After a burst the memory is given back.</summary>
    private const int BytesKept = 4 * 1024 * 1024;

    private byte[] _bytes = new byte[BytesAtFirst];

    public int Count { get; private set; }

    /// <summary>Until the next call.</summary>
    public ReadOnlySpan<byte> Span => _bytes.AsSpan(0, Count);

    public void Add(in SegmentHeader header)
    {
        header.Write(GetSpan(SegmentHeader.Bytes));
        Count += SegmentHeader.Bytes;
    }

    public void Add(SchedulerFact fact)
    {
        var head = Count;
        GetSpan(RecordFrame.HeadBytes);
        Count += RecordFrame.HeadBytes;
        FactCodec.Write(fact, this);

        var payload = _bytes.AsSpan(head + RecordFrame.HeadBytes, Count - head - RecordFrame.HeadBytes);
        Invariant.Require(payload.Length is > 0 and <= RecordFrame.PayloadBytesMax, "a record is not empty and within its bound");
        BinaryPrimitives.WriteUInt32LittleEndian(_bytes.AsSpan(head), (uint)payload.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(_bytes.AsSpan(head + sizeof(uint)), Crc32C.Of((uint)payload.Length, payload));
    }

    /// <summary>Says that what lies before an offset of the file is on the disk.</summary>
    public void AddMark(long syncedUpTo)
    {
        var mark = GetSpan(RecordFrame.MarkBytes);
        var offset = mark[RecordFrame.HeadBytes..RecordFrame.MarkBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(mark, RecordFrame.MarkWord);
        BinaryPrimitives.WriteInt64LittleEndian(offset, syncedUpTo);
        BinaryPrimitives.WriteUInt32LittleEndian(mark[sizeof(uint)..], Crc32C.Of(RecordFrame.MarkWord, offset));
        Count += RecordFrame.MarkBytes;
    }

    public void Clear()
    {
        Count = 0;
        if (_bytes.Length > BytesKept)
        {
            _bytes = new byte[BytesAtFirst];
        }
    }

    public void Advance(int count) => Count += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsMemory(Count);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsSpan(Count);
    }

    private void Reserve(int sizeHint)
    {
        var needed = (long)Count + Math.Max(sizeHint, 1);
        if (needed > _bytes.Length)
        {
            Array.Resize(ref _bytes, (int)Math.Min(Math.Max(needed, _bytes.Length * 2L), Array.MaxLength));
        }
    }
}
