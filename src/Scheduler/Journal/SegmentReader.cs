using System.Buffers.Binary;

namespace Weft.Scheduler;

/// <summary>
/// Takes the bytes of one file, in pieces, and gives its records until the first that is torn or corrupt; then says where and why it
/// stopped, and whether what could not be read had been on the disk. Does no I/O. Not thread safe.
/// </summary>
internal sealed class SegmentReader
{
    private byte[] _bytes = new byte[64 * 1024];

    /// <summary>Where the first byte that is not read lies in <see cref="_bytes"/>, where it ends, and where it lies in the file.</summary>
    private int _start;
    private int _end;
    private long _offset;
    private SegmentFault _fault;

    public SegmentHeader? Header { get; private set; }

    /// <summary>The last mark: before this offset all had been on the disk.</summary>
    public long SyncedUpTo { get; private set; }

    /// <summary>Whether a mark says so of itself: nothing follows. Every whole snapshot ends so.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Where the first byte lies that is not read.</summary>
    public long Offset => _offset;

    public void Append(ReadOnlySpan<byte> piece)
    {
        if (_bytes.Length - _end < piece.Length)
        {
            MakeRoom(piece.Length);
        }

        piece.CopyTo(_bytes.AsSpan(_end));
        _end += piece.Length;
    }

    /// <param name="record">Valid until the next piece is appended.</param>
    /// <returns>False when the next record has not been appended as a whole, or is corrupt.</returns>
    public bool TryRead(out ReadOnlyMemory<byte> record)
    {
        record = default;
        if (_fault.Kind != SegmentFaultKind.None || !(Header is not null || TryReadHeader()))
        {
            return false;
        }

        while (TryReadFrame(out var payload))
        {
            if (payload > 0)
            {
                record = _bytes.AsMemory(_start + RecordFrame.HeadBytes, payload);
                Take(RecordFrame.HeadBytes + payload);
                return true;
            }
        }

        return false;
    }

    /// <summary>To be asked when all has been appended and read.</summary>
    public SegmentFault End()
    {
        if (_fault.Kind == SegmentFaultKind.None && _start < _end)
        {
            _fault = new SegmentFault(SegmentFaultKind.CutOff, _offset, Header is null ? "its header is cut off" : "the last record is cut off");
        }
        else if (_fault.Kind == SegmentFaultKind.None && Header is null)
        {
            _fault = new SegmentFault(SegmentFaultKind.CutOff, 0, "it is empty");
        }

        FindMarksBeyond();
        return _fault;
    }

    private bool TryReadHeader()
    {
        if (_end - _start < SegmentHeader.Bytes)
        {
            return false;
        }

        if (!SegmentHeader.TryRead(_bytes.AsSpan(_start), out var header, out _fault))
        {
            return false;
        }

        Header = header;
        Take(SegmentHeader.Bytes);
        return true;
    }

    /// <param name="payload">The length of the record that comes next; 0: it was a mark, which has been taken.</param>
    private bool TryReadFrame(out int payload)
    {
        payload = 0;
        var left = _bytes.AsSpan(_start, _end - _start);
        if (left.Length < RecordFrame.HeadBytes)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadUInt32LittleEndian(left);
        if (length == RecordFrame.MarkWord)
        {
            return TryTakeMark(left);
        }

        if (length is 0 or > RecordFrame.PayloadBytesMax)
        {
            return Stop($"a record of {length} bytes; there are 1 to {RecordFrame.PayloadBytesMax}");
        }

        if (left.Length - RecordFrame.HeadBytes < (int)length)
        {
            return false;
        }

        payload = (int)length;
        return BinaryPrimitives.ReadUInt32LittleEndian(left[sizeof(uint)..]) == Crc32C.Of(length, left.Slice(RecordFrame.HeadBytes, payload))
            || Stop("the checksum of a record does not fit");
    }

    private bool TryTakeMark(ReadOnlySpan<byte> left)
    {
        if (left.Length < RecordFrame.MarkBytes)
        {
            return false;
        }

        if (!TryReadMark(left, out var syncedUpTo))
        {
            return Stop("the checksum of a mark does not fit");
        }

        SyncedUpTo = syncedUpTo;
        IsClosed = syncedUpTo == _offset + RecordFrame.MarkBytes;
        Take(RecordFrame.MarkBytes);
        return true;
    }

    private static bool TryReadMark(ReadOnlySpan<byte> bytes, out long syncedUpTo)
    {
        syncedUpTo = 0;
        if (bytes.Length < RecordFrame.MarkBytes)
        {
            return false;
        }

        var offset = bytes[RecordFrame.HeadBytes..RecordFrame.MarkBytes];
        syncedUpTo = BinaryPrimitives.ReadInt64LittleEndian(offset);
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes[sizeof(uint)..]) == Crc32C.Of(RecordFrame.MarkWord, offset);
    }

    /// <summary>Marks behind what cannot be read: they alone tell what was lost with the power from what was damaged afterwards.</summary>
    private void FindMarksBeyond()
    {
        var left = _bytes.AsSpan(_start, _end - _start);
        for (var at = 0; left[at..].IndexOf(RecordFrame.MarkWordBytes) is var found and >= 0; at += found + 1)
        {
            if (TryReadMark(left[(at + found)..], out var syncedUpTo))
            {
                SyncedUpTo = Math.Max(SyncedUpTo, syncedUpTo);
            }
        }
    }

    private bool Stop(string why)
    {
        _fault = new SegmentFault(SegmentFaultKind.Corrupt, _offset, why);
        return false;
    }

    private void Take(int count)
    {
        _start += count;
        _offset += count;
    }

    private void MakeRoom(int count)
    {
        var kept = _end - _start;
        if ((long)kept + count > _bytes.Length)
        {
            var larger = new byte[(int)Math.Min(Math.Max((long)kept + count, _bytes.Length * 2L), Array.MaxLength)];
            _bytes.AsSpan(_start, kept).CopyTo(larger);
            _bytes = larger;
        }
        else
        {
            _bytes.AsSpan(_start, kept).CopyTo(_bytes);
        }

        (_start, _end) = (0, kept);
    }
}
