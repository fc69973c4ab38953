namespace Weft.Grpc;

/// <summary>A call as its handler sees it.</summary>
public abstract class ServerCallContext
{
    private Dictionary<object, object>? _userState;

    /// <summary>The path of the method that was called: <c>/service/method</c>.</summary>
    public abstract string Method { get; }

    /// <summary>Who calls: <c>ipv4:10.0.0.1:4242</c>, <c>ipv6:[::1]:4242</c> or <c>inprocess</c>.</summary>
    public abstract string Peer { get; }

    public abstract Metadata RequestHeaders { get; }

    /// <summary>Sent with the status, when the handler returns.</summary>
    public Metadata ResponseTrailers { get; } = [];

    /// <summary>Sent when the handler returns without throwing.</summary>
    public Status Status { get; set; } = Status.DefaultSuccess;

    /// <summary>UTC; <see cref="DateTime.MaxValue"/> when there is none.</summary>
    public abstract DateTime Deadline { get; }

    /// <summary>Cancelled when the client ends the call, its connection is lost, or the deadline passes.</summary>
    public abstract CancellationToken CancellationToken { get; }

    /// <summary>What an authorizer leaves here for the handler.</summary>
    public IDictionary<object, object> UserState => _userState ??= [];

    /// <summary>
    /// Sends the headers now; otherwise they go with the first message. A client that waits for headers before it writes
    /// needs this. Once only.
    /// </summary>
    public abstract Task WriteResponseHeadersAsync(Metadata responseHeaders);
}
