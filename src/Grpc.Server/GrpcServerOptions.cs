using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Weft.Grpc.Server;

/// <summary>Where a <see cref="GrpcServer"/> listens, and what it serves to whom.</summary>
public sealed record GrpcServerOptions
{
    /// <summary>Port 0 takes any free port: <see cref="GrpcServer.Endpoints"/> tells which.</summary>
    public required IReadOnlyList<IPEndPoint> Listen { get; init; }

    public required IReadOnlyList<ServerServiceDefinition> Services { get; init; }

    /// <summary>With its private key. Null means cleartext (HTTP/2 with prior knowledge). The caller disposes it, after the server.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>
    /// Asked before every call, also for methods that do not exist; any status but OK ends the call with it. It sees the
    /// headers and may leave what it found in <see cref="ServerCallContext.UserState"/>. It must not block.
    /// </summary>
    public Func<ServerCallContext, Status>? Authorize { get; init; }

    /// <summary>Told of exceptions that handlers should not have thrown; clients learn only that there was one.</summary>
    public Action<ServerCallContext, Exception>? HandlerFailed { get; init; }

    /// <summary>The largest request message to accept, in bytes; null for no limit.</summary>
    public int? MaxReceiveMessageSize { get; init; } = GrpcChannelOptions.DefaultMaxReceiveMessageSize;

    /// <summary>The largest response message to send, in bytes; null for no limit.</summary>
    public int? MaxSendMessageSize { get; init; }

    /// <summary>How many calls one connection may have open; a client opens another connection or waits for more.</summary>
    public int MaxStreamsPerConnection { get; init; } = 1000;

    /// <summary>How many bytes a client may send on one stream before we have read them.</summary>
    public int InitialStreamWindowSize { get; init; } = 16 * 1024 * 1024;

    /// <summary>The same for all streams of a connection together.</summary>
    public int InitialConnectionWindowSize { get; init; } = 64 * 1024 * 1024;

    /// <summary>When nothing has come on a connection for this long, its client is asked for a sign of life.</summary>
    public TimeSpan KeepAlivePingDelay { get; init; } = TimeSpan.MaxValue;

    /// <summary>Without an answer for this long, the connection is given up and its calls are cancelled.</summary>
    public TimeSpan KeepAlivePingTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The last word on each listener, after TLS has been set: connection middleware goes here.</summary>
    public Action<ListenOptions>? ConfigureListener { get; init; }
}
