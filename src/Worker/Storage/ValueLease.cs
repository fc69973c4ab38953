namespace Weft.Worker;

/// <summary>A stored value in use: its bytes stay as they are until <see cref="Release"/>, freed meanwhile or not.</summary>
internal readonly struct ValueLease(ReadOnlyMemory<byte> bytes, ValueBuffer? buffer)
{
    public ReadOnlyMemory<byte> Bytes { get; } = bytes;

    /// <summary>Whether the memory is reused after the lease: bytes that outlive it must be copied.</summary>
    public bool IsPooled => buffer is { IsPooled: true };

    public void Release() => buffer?.Release();
}
