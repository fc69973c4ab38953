using System.Buffers;

namespace Weft.Grpc;

/// <summary>
/// Framed messages on their way out, in pooled segments: a message grows without being copied, and its length is put into
/// the header once it is known. One writer at a time.
/// </summary>
internal sealed class FrameBuffer : IBufferWriter<byte>, IDisposable
{
    /// <summary>Buffered messages are sent, hint or not, once they take this much: a batch any longer only adds delay.</summary>
    public const int BufferedBytesMax = 64 * 1024;

    private const int SmallestSegment = 4 * 1024;
    private const int LargestSegment = 1024 * 1024;

    private readonly List<Segment> _segments = [];
    private byte[] _tail = [];
    private int _tailUsed;
    private long _fullBytes;

    public long Length => _fullBytes + _tailUsed;

    /// <summary>Frames one message. When it cannot be, the buffer is as it was before.</summary>
    public void Append<T>(T message, Marshaller<T> marshaller, int messageSizeMax)
    {
        var before = (Segments: _segments.Count, TailUsed: _tailUsed);
        try
        {
            Span<byte> header = GetSpan(FrameHeader.Size)[..FrameHeader.Size];
            byte[] headerSegment = _tail;
            int headerStart = _tailUsed;
            Advance(FrameHeader.Size);

            long start = Length;
            marshaller.Serializer(message, this);
            long size = Length - start;
            if (size > messageSizeMax)
            {
                throw RpcException.Of(StatusCode.ResourceExhausted, $"The message to send has {size} bytes; at most {messageSizeMax} are allowed.");
            }

            FrameHeader.Write(headerSegment.AsSpan(headerStart), (int)size);
        }
        catch
        {
            TakeBack(before.Segments, before.TailUsed);
            throw;
        }
    }

    public async ValueTask WriteToAsync(Stream stream, CancellationToken cancellationToken)
    {
        for (int i = 0; TryGetSegment(i, out var bytes); i++)
        {
            await stream.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The bytes in order: <paramref name="index"/> counts from zero while true is returned.</summary>
    public bool TryGetSegment(int index, out ReadOnlyMemory<byte> bytes)
    {
        if (index < _segments.Count)
        {
            bytes = _segments[index].Array.AsMemory(0, _segments[index].Used);
            return true;
        }

        bytes = _tail.AsMemory(0, _tailUsed);
        return index == _segments.Count && _tailUsed > 0;
    }

    /// <summary>Empties the buffer. It keeps one small segment, for the next message of a call that may be idle for long.</summary>
    public void Clear()
    {
        TakeBack(0, 0);
        if (_tail.Length > SmallestSegment) Dispose();
    }

    public void Dispose()
    {
        TakeBack(0, 0);
        if (_tail.Length > 0) ArrayPool<byte>.Shared.Return(_tail);
        _tail = [];
    }

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(_tail.Length - _tailUsed), nameof(count));
        _tailUsed += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        MakeRoom(sizeHint);
        return _tail.AsMemory(_tailUsed);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        MakeRoom(sizeHint);
        return _tail.AsSpan(_tailUsed);
    }

    private void MakeRoom(int sizeHint)
    {
        if (_tail.Length - _tailUsed >= Math.Max(sizeHint, 1)) return;

        byte[] next = ArrayPool<byte>.Shared.Rent(Math.Max(sizeHint, Math.Clamp(_tail.Length * 4, SmallestSegment, LargestSegment)));
        if (_tailUsed > 0)
        {
            _segments.Add(new Segment(_tail, _tailUsed));
            _fullBytes += _tailUsed;
        }
        else if (_tail.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_tail);
        }

        _tail = next;
        _tailUsed = 0;
    }

    private void TakeBack(int segments, int tailUsed)
    {
        while (_segments.Count > segments)
        {
            if (_tail.Length > 0) ArrayPool<byte>.Shared.Return(_tail);
            _tail = _segments[^1].Array;
            _fullBytes -= _segments[^1].Used;
            _segments.RemoveAt(_segments.Count - 1);
        }

        _tailUsed = tailUsed;
    }

    private readonly record struct Segment(byte[] Array, int Used);
}
