namespace Weft.Grpc;

/// <summary>What one call asks for, besides its method and messages.</summary>
/// <param name="Headers">Sent to the server before the first message, after the channel's own.</param>
/// <param name="Deadline">UTC. When it passes, the call ends with <see cref="StatusCode.DeadlineExceeded"/> on both sides.</param>
/// <param name="CancellationToken">Ends the call with <see cref="StatusCode.Cancelled"/>, at the server too.</param>
public readonly record struct CallOptions(Metadata? Headers = null, DateTime? Deadline = null, CancellationToken CancellationToken = default)
{
    /// <summary>The largest response message to accept, in bytes, instead of the channel's limit.</summary>
    public int? MaxReceiveMessageSize { get; init; }

    /// <summary>The largest request message to send, in bytes, instead of the channel's limit.</summary>
    public int? MaxSendMessageSize { get; init; }

    public CallOptions WithHeaders(Metadata headers) => this with { Headers = headers };

    public CallOptions WithDeadline(DateTime deadline) => this with { Deadline = deadline };

    public CallOptions WithCancellationToken(CancellationToken cancellationToken) => this with { CancellationToken = cancellationToken };
}
