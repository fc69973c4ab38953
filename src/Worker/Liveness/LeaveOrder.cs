using System.Buffers.Binary;
using System.Text;

namespace Weft.Worker;

/// <summary>A worker is to leave: why, and until when it may take to.</summary>
/// <param name="Reason">For people.</param>
/// <param name="DeadlineMs">By <see cref="Environment.TickCount64"/>, which the processes of a host share; <see cref="NoDeadlineMs"/>: it may take as long as it takes.</param>
public sealed record LeaveOrder(string Reason, long DeadlineMs)
{
    public const long NoDeadlineMs = long.MaxValue;

    public bool HasDeadline => DeadlineMs != NoDeadlineMs;

    /// <summary>The time left, at least a millisecond; zero: it may take as long as it takes.</summary>
    public long LeftMs => HasDeadline ? Math.Max(1, DeadlineMs - Environment.TickCount64) : 0;

    public bool IsOver => Environment.TickCount64 >= DeadlineMs;

    /// <param name="reason">For people.</param>
    /// <param name="limit">From now; null: as long as it takes.</param>
    public static LeaveOrder Within(string reason, TimeSpan? limit) =>
        new(reason, limit is { } time ? Environment.TickCount64 + (long)time.TotalMilliseconds : NoDeadlineMs);

    internal byte[] ToBytes()
    {
        var bytes = new byte[sizeof(long) + Encoding.UTF8.GetByteCount(Reason)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, DeadlineMs);
        Encoding.UTF8.GetBytes(Reason, bytes.AsSpan(sizeof(long)));
        return bytes;
    }

    internal static LeaveOrder Read(ReadOnlySpan<byte> bytes) =>
        new(Encoding.UTF8.GetString(bytes[sizeof(long)..]), BinaryPrimitives.ReadInt64LittleEndian(bytes));
}
