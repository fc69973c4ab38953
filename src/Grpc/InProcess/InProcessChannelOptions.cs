namespace Weft.Grpc;

public sealed record InProcessChannelOptions
{
    /// <summary>How many messages wait on each side of a call before its writer does.</summary>
    public int QueueCapacity { get; init; } = 16;

    /// <summary>Sent with every call, before the call's own headers.</summary>
    public Metadata? DefaultHeaders { get; init; }

    /// <summary>Told of exceptions that handlers should not have thrown; clients learn only that there was one.</summary>
    public Action<ServerCallContext, Exception>? HandlerFailed { get; init; }
}
