using System.Buffers;

namespace Weft.Worker;

/// <summary>
/// Memory of large values, kept for use again because the first touch of fresh memory costs more than writing it. A pool of this process's own, not the
/// shared one: that lets go of what it holds over minutes, and a worker that is paused for its memory would not go on. Thread safe.
/// </summary>
internal static class ValuePool
{
    /// <summary>Larger ones are not kept, and have the size that was asked for.</summary>
    public const int BytesMax = 16 << 20;

    /// <summary>Of each size; sizes are powers of two. What nobody uses takes 256 MiB at most.</summary>
    private const int ArraysMax = 8;

    private static volatile ArrayPool<byte> _pool = New();

    /// <summary>An array of at least so many bytes, with anything in it.</summary>
    public static byte[] Rent(int bytes) => _pool.Rent(bytes);

    /// <summary>Takes back what was rented, before or after the pool was emptied.</summary>
    public static void Return(byte[] array) => _pool.Return(array);

    /// <summary>Leaves all that nobody uses to the next collection of garbage.</summary>
    public static void Empty() => _pool = New();

    private static ArrayPool<byte> New() => ArrayPool<byte>.Create(BytesMax, ArraysMax);
}
