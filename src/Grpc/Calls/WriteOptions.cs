namespace Weft.Grpc;

[Flags]
public enum WriteFlags
{
    None = 0,

    /// <summary>The message may wait for the next one written without this hint, or for the end of the stream.</summary>
    BufferHint = 1,
}

/// <summary>How the next messages of a stream are written.</summary>
public sealed class WriteOptions(WriteFlags flags = WriteFlags.None)
{
    public static readonly WriteOptions Default = new();

    /// <summary>Set on all but the last message of a batch: the batch then costs one flush.</summary>
    public static readonly WriteOptions Buffered = new(WriteFlags.BufferHint);

    public WriteFlags Flags { get; } = flags;
}
