namespace Weft.Grpc;

/// <summary>What the four kinds of calls share. Disposing a call that has not ended cancels it, at the server too.</summary>
public abstract class AsyncCall : IDisposable
{
    private readonly Func<Status> _getStatus;
    private readonly Func<Metadata> _getTrailers;
    private readonly Action _dispose;

    private protected AsyncCall(Task<Metadata> responseHeaders, Func<Status> getStatus, Func<Metadata> getTrailers, Action dispose)
    {
        ResponseHeadersAsync = responseHeaders;
        _getStatus = getStatus;
        _getTrailers = getTrailers;
        _dispose = dispose;
    }

    /// <summary>Completes when the server's headers have come. A server may send them no sooner than its first message.</summary>
    public Task<Metadata> ResponseHeadersAsync { get; }

    /// <summary>How the call ended; an <see cref="InvalidOperationException"/> before that. A stream ends for its reader.</summary>
    public Status GetStatus() => _getStatus();

    /// <summary>What came with the status; an <see cref="InvalidOperationException"/> before the end.</summary>
    public Metadata GetTrailers() => _getTrailers();

    public void Dispose()
    {
        _dispose();
        GC.SuppressFinalize(this);
    }
}
