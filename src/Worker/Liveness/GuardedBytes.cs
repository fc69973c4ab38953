using System.Buffers.Binary;

namespace Weft.Worker;

/// <summary>
/// A few bytes in a mapped page with one writer: a counter that is odd while they are being written, their length, and they themselves. A reader
/// that sees the counter move looks again; one that finds it odd for good reads what a writer left behind that was killed.
/// </summary>
internal readonly unsafe struct GuardedBytes(byte* place, int bytesMax)
{
    private const int LengthAt = sizeof(uint);
    private const int ContentAt = LengthAt + sizeof(ushort);
    private const int Tries = 100;

    /// <param name="content">What is too long is cut.</param>
    public void Write(ReadOnlySpan<byte> content)
    {
        content = content[..Math.Min(content.Length, Room)];
        ref var counter = ref *(uint*)place;
        Volatile.Write(ref counter, counter | 1);
        Interlocked.MemoryBarrier();
        BinaryPrimitives.WriteUInt16LittleEndian(new Span<byte>(place + LengthAt, sizeof(ushort)), (ushort)content.Length);
        content.CopyTo(new Span<byte>(place + ContentAt, Room));
        Volatile.Write(ref counter, counter + 1);
    }

    /// <summary>Empty: nothing was ever written. Null: it is being written, or the writer died at it.</summary>
    public byte[]? TryRead()
    {
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            var before = Volatile.Read(ref *(uint*)place);
            if (before % 2 == 0)
            {
                var length = BinaryPrimitives.ReadUInt16LittleEndian(new ReadOnlySpan<byte>(place + LengthAt, sizeof(ushort)));
                var content = new ReadOnlySpan<byte>(place + ContentAt, Math.Min(length, Room)).ToArray();
                Interlocked.MemoryBarrier();
                if (Volatile.Read(ref *(uint*)place) == before)
                {
                    return content;
                }
            }

            Thread.Yield();
        }

        return null;
    }

    private int Room => bytesMax - ContentAt;
}
