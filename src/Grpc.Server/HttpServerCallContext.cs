using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace Weft.Grpc.Server;

/// <summary>A call that came over HTTP/2.</summary>
internal sealed class HttpServerCallContext : ServerCallContext, IDisposable
{
    /// <summary>Timers take no longer waits; the client keeps a deadline further away than this (some 49 days) by itself.</summary>
    private static readonly TimeSpan LongestTimer = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    private readonly HttpContext _http;
    private readonly CancellationTokenSource _ended;
    private readonly Timer? _deadlineTimer;
    private Metadata? _requestHeaders;
    private volatile bool _deadlineHasPassed;

    public HttpServerCallContext(HttpContext http)
    {
        _http = http;
        _ended = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        Method = http.Request.Path.Value ?? "";
        Deadline = DateTime.MaxValue;

        string header = http.Request.Headers[HeaderNames.Timeout].ToString();
        if (header.Length == 0) return;
        if (!GrpcTimeout.TryParse(header, out var timeout))
        {
            MalformedTimeout = header;
            return;
        }

        var now = DateTime.UtcNow;
        Deadline = timeout < DateTime.MaxValue - now ? now + timeout : DateTime.MaxValue;
        if (timeout <= LongestTimer) _deadlineTimer = new Timer(static call => ((HttpServerCallContext)call!).OnDeadline(), this, timeout, Timeout.InfiniteTimeSpan);
    }

    public override string Method { get; }

    public override string Peer => _http.Connection.RemoteIpAddress switch
    {
        { IsIPv4MappedToIPv6: true } ip => string.Create(CultureInfo.InvariantCulture, $"ipv4:{ip.MapToIPv4()}:{_http.Connection.RemotePort}"),
        { AddressFamily: AddressFamily.InterNetworkV6 } ip => string.Create(CultureInfo.InvariantCulture, $"ipv6:[{ip}]:{_http.Connection.RemotePort}"),
        IPAddress ip => string.Create(CultureInfo.InvariantCulture, $"ipv4:{ip}:{_http.Connection.RemotePort}"),
        null => "unknown",
    };

    public override Metadata RequestHeaders => _requestHeaders ??= ReadHeaders();

    public override DateTime Deadline { get; }

    public override CancellationToken CancellationToken => _ended.Token;

    public bool DeadlineHasPassed => _deadlineHasPassed;

    /// <summary>Some of a message is in the response, sent or not.</summary>
    public bool HasMessages { get; set; }

    /// <summary>The timeout as it was sent, if it cannot be read.</summary>
    public string? MalformedTimeout { get; }

    public string? RequestEncoding => _http.Request.Headers[HeaderNames.Encoding].ToString() is { Length: > 0 } encoding ? encoding : null;

    public override async Task WriteResponseHeadersAsync(Metadata responseHeaders)
    {
        ArgumentNullException.ThrowIfNull(responseHeaders);
        if (_http.Response.HasStarted) throw new InvalidOperationException("The response headers have been sent already.");
        foreach (var entry in responseHeaders) _http.Response.Headers.Append(entry.Key, MetadataCodec.Encode(entry));

        // Starting the response alone leaves the headers in Kestrel's buffer.
        await _http.Response.BodyWriter.FlushAsync(CancellationToken).ConfigureAwait(false);
    }

    /// <summary>The client is gone, as the transport found out before its token was cancelled.</summary>
    public OperationCanceledException ClientLeft(Exception cause)
    {
        _ended.Cancel();
        return new OperationCanceledException("The client ended the call.", cause, CancellationToken);
    }

    /// <summary>Where nothing was sent before, status and trailers are the response's only headers: whoever waits for the response alone is told, too.</summary>
    public void End(Status status)
    {
        if (_http.RequestAborted.IsCancellationRequested) return;
        var response = _http.Response;
        bool isFirst = !response.HasStarted && !HasMessages;
        if (isFirst && status.StatusCode == StatusCode.Unimplemented) Append(HeaderNames.AcceptEncoding, HeaderNames.Identity);
        Append(HeaderNames.Status, ((int)status.StatusCode).ToString(CultureInfo.InvariantCulture));
        if (status.Detail.Length > 0) Append(HeaderNames.Message, StatusMessage.Encode(status.Detail));
        foreach (var entry in ResponseTrailers) Append(entry.Key, MetadataCodec.Encode(entry));

        void Append(string name, string value)
        {
            if (isFirst) response.Headers.Append(name, value);
            else response.AppendTrailer(name, value);
        }
    }

    public void Dispose()
    {
        _deadlineTimer?.Dispose();

        // A read that the handler has left pending must not live on: Kestrel uses its pipe for the next stream.
        _ended.Cancel();
        _ended.Dispose();
    }

    private void OnDeadline()
    {
        _deadlineHasPassed = true;
        try
        {
            _ended.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The call ended just as its time did.
        }
    }

    private Metadata ReadHeaders()
    {
        var metadata = new Metadata();
        foreach (var (name, values) in _http.Request.Headers)
        {
            foreach (string? value in values)
            {
                if (value is not null) MetadataCodec.Add(metadata, name, value);
            }
        }

        return metadata;
    }
}
