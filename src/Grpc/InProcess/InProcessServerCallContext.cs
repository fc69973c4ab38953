namespace Weft.Grpc;

internal sealed class InProcessServerCallContext(
    string method, Metadata requestHeaders, DateTime? deadline, CancellationToken cancellationToken, Action<Metadata> sendHeaders) : ServerCallContext
{
    private int _headersSent;

    public override string Method => method;

    public override string Peer => "inprocess";

    public override Metadata RequestHeaders => requestHeaders;

    public override DateTime Deadline => deadline ?? DateTime.MaxValue;

    public override CancellationToken CancellationToken => cancellationToken;

    public override Task WriteResponseHeadersAsync(Metadata responseHeaders)
    {
        ArgumentNullException.ThrowIfNull(responseHeaders);
        if (Interlocked.Exchange(ref _headersSent, 1) != 0) throw new InvalidOperationException("The response headers have been sent already.");
        sendHeaders(responseHeaders);
        return Task.CompletedTask;
    }

    /// <summary>They go with the first message, or with the status, when the handler has not sent them itself.</summary>
    public void SendHeaders()
    {
        if (Interlocked.Exchange(ref _headersSent, 1) == 0) sendHeaders([]);
    }
}
