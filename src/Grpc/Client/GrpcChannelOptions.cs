using System.Net.Http;

namespace Weft.Grpc;

/// <summary>How a <see cref="GrpcChannel"/> connects, and what holds for all its calls.</summary>
public sealed record GrpcChannelOptions
{
    public const int DefaultMaxReceiveMessageSize = 4 * 1024 * 1024;

    /// <summary>
    /// SHA-256 of the server's certificate in hexadecimal, colons allowed. When set, exactly that certificate is trusted,
    /// whatever its name, dates and issuer. When null, the system decides as for any https address.
    /// </summary>
    public string? CertificateFingerprint { get; init; }

    /// <summary>The largest response message to accept, in bytes; null for no limit.</summary>
    public int? MaxReceiveMessageSize { get; init; } = DefaultMaxReceiveMessageSize;

    /// <summary>The largest request message to send, in bytes; null for no limit.</summary>
    public int? MaxSendMessageSize { get; init; }

    /// <summary>Sent with every call, before the call's own: a token, for one.</summary>
    public Metadata? DefaultHeaders { get; init; }

    /// <summary>Covers name lookup, TCP and TLS.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>While calls are open and nothing has come for this long, the server is asked for a sign of life.</summary>
    public TimeSpan KeepAlivePingDelay { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>Without an answer for this long, the connection is given up and its calls end as unavailable.</summary>
    public TimeSpan KeepAlivePingTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How many bytes a server may send on one stream before we have read them: 64 KiB to 16 MiB.</summary>
    public int InitialStreamWindowSize { get; init; } = 16 * 1024 * 1024;

    /// <summary>Makes the connection in place of a TCP socket without delay; TLS, if any, goes on top.</summary>
    public Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>>? ConnectCallback { get; init; }
}
