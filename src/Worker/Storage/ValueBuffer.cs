using Weft.Primitives;

namespace Weft.Worker;

/// <summary>
/// Memory of stored values, counted: the store holds one reference, each reader another, and pooled memory goes back with the last.
/// Large values are pooled because first touch of fresh memory costs more than writing them.
/// </summary>
internal sealed class ValueBuffer
{
    /// <summary>From here on buffers come from the pool.</summary>
    public const int PooledFrom = 64 << 10;

    private readonly bool _isPooled;
    private byte[]? _array;
    private int _references = 1;

    private ValueBuffer(byte[] array, bool isPooled)
    {
        _array = array;
        _isPooled = isPooled;
    }

    /// <summary>Whether the memory will be used again for something else: it may be shared by reference only while it is retained.</summary>
    public bool IsPooled => _isPooled;

    public byte[] Array => _array ?? throw new ObjectDisposedException(nameof(ValueBuffer));

    public static ValueBuffer Rent(int length) =>
        length < PooledFrom ? new ValueBuffer(new byte[length], isPooled: false) : new ValueBuffer(ValuePool.Rent(length), isPooled: true);

    /// <summary>Takes over an array that was rented from the pool.</summary>
    public static ValueBuffer AdoptPooled(byte[] array) => new(array, isPooled: true);

    /// <summary>To be called only by who knows that a reference is held, as the store does under its lock.</summary>
    public void Retain() => Interlocked.Increment(ref _references);

    public void Release()
    {
        var left = Interlocked.Decrement(ref _references);
        Invariant.Require(left >= 0, "a buffer is released once for each reference");
        if (left == 0 && Interlocked.Exchange(ref _array, null) is { } array && _isPooled)
        {
            ValuePool.Return(array);
        }
    }
}
