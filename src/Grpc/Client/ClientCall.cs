namespace Weft.Grpc;

/// <summary>
/// The life of a call on the client's side. It ends once, by whichever comes first: its status from the server, the
/// deadline, cancellation, disposal or a broken connection; whatever comes later is ignored.
/// </summary>
internal abstract class ClientCall : IDisposable
{
    /// <summary>Timers take no longer waits; a deadline further away than this (some 49 days) is not enforced here.</summary>
    private static readonly TimeSpan LongestTimer = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    /// <summary>Servers count in milliseconds, and some reset the stream instead of saying that it is too late.</summary>
    private static readonly TimeSpan DeadlineTick = TimeSpan.FromMilliseconds(5);

    private readonly CancellationTokenSource _broken = new();
    private readonly TaskCompletionSource<Metadata> _headers = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CallOptions _options;
    private readonly CancellationToken _channelDisposed;
    private CancellationTokenRegistration _onCancelled;
    private CancellationTokenRegistration _onChannelDisposed;
    private Timer? _deadline;
    private Ending? _ending;

    protected ClientCall(CallOptions options, CancellationToken channelDisposed)
    {
        if (options.Deadline is { Kind: DateTimeKind.Local or DateTimeKind.Unspecified } deadline && deadline != DateTime.MaxValue)
        {
            throw new ArgumentException($"The deadline {deadline:O} is of kind {deadline.Kind}; it must be UTC.", nameof(options));
        }

        _options = options;
        _channelDisposed = channelDisposed;
    }

    public Task<Metadata> ResponseHeaders => _headers.Task;

    public bool HasEnded => Volatile.Read(ref _ending) is not null;

    /// <summary>Cancelled when the call ends early; not when the server ends it.</summary>
    protected CancellationToken Broken => _broken.Token;

    protected TimeSpan? TimeLeft => _options.Deadline is { } deadline && deadline != DateTime.MaxValue ? deadline - DateTime.UtcNow : null;

    protected static Status DeadlinePassed => new(StatusCode.DeadlineExceeded, "The deadline of the call has passed.");

    /// <summary>What ends the call now is most likely its deadline, kept by the server.</summary>
    protected bool IsAtDeadline => TimeLeft < DeadlineTick;

    public Status GetStatus() => (_ending ?? throw NotEnded()).Status;

    public Metadata GetTrailers() => (_ending ?? throw NotEnded()).Trailers;

    /// <summary>The exception for whoever uses a call that has ended.</summary>
    public RpcException Error() => new(GetStatus(), GetTrailers());

    /// <summary>Ends the call from this side and returns the exception to throw: that of the first cause.</summary>
    public RpcException Break(StatusCode code, string detail, Exception? cause = null)
    {
        Break(new Status(code, detail, cause));
        return Error();
    }

    public void Break(Status status)
    {
        if (!TryEnd(status, [])) return;
        FailHeaders();
        _broken.Cancel();
        OnBroken();
    }

    public void Dispose()
    {
        if (!HasEnded) Break(new Status(StatusCode.Cancelled, "The client disposed the call."));
    }

    /// <summary>A token given to one read or write ends the whole call: half a message cannot be taken back.</summary>
    public CancellationTokenRegistration BreakOn(CancellationToken cancellationToken) =>
        cancellationToken == _options.CancellationToken ? default : Register(cancellationToken);

    /// <summary>Arms deadline and cancellation. Last of all before the call is sent, so that they find it whole.</summary>
    protected void StartLife()
    {
        _onCancelled = Register(_options.CancellationToken);
        _onChannelDisposed = _channelDisposed.UnsafeRegister(
            static call => ((ClientCall)call!).Break(new Status(StatusCode.Unavailable, "The channel was disposed.")), this);
        if (TimeLeft is { } left)
        {
            if (left <= TimeSpan.Zero) Break(DeadlinePassed);
            else if (left <= LongestTimer) _deadline = new Timer(static call => ((ClientCall)call!).Break(DeadlinePassed), this, left, Timeout.InfiniteTimeSpan);
        }

        // An end that came in between found nothing to let go of.
        if (HasEnded) LetGo();
    }

    protected void TakeHeaders(Metadata headers) => _headers.TrySetResult(headers);

    /// <summary>The server's own end of the call.</summary>
    protected void End(Status status, Metadata trailers)
    {
        if (TryEnd(status, trailers)) FailHeaders();
    }

    /// <summary>Lets go of the transport after an early end. Called once, possibly while a read or write is in flight.</summary>
    protected abstract void OnBroken();

    private static InvalidOperationException NotEnded() => new("The call has not ended yet; a stream ends when it is read to its end.");

    private bool TryEnd(Status status, Metadata trailers)
    {
        if (Interlocked.CompareExchange(ref _ending, new Ending(status, trailers), null) is not null) return false;
        LetGo();
        return true;
    }

    private CancellationTokenRegistration Register(CancellationToken cancellationToken) => cancellationToken.UnsafeRegister(
        static call => ((ClientCall)call!).Break(new Status(StatusCode.Cancelled, "The client cancelled the call.")), this);

    private void LetGo()
    {
        _onCancelled.Unregister();
        _onChannelDisposed.Unregister();
        _deadline?.Dispose();
    }

    private void FailHeaders()
    {
        if (!_headers.TrySetException(Error())) return;

        // Most callers never look at the headers: that is no unobserved exception.
        _ = _headers.Task.Exception;
    }

    private sealed record Ending(Status Status, Metadata Trailers);
}

/// <summary>A call with its streams, as a channel makes it; the four kinds differ only in how many messages they put on them.</summary>
internal abstract class ClientCall<TRequest, TResponse>(CallOptions options, CancellationToken channelDisposed)
    : ClientCall(options, channelDisposed)
{
    public abstract IAsyncStreamReader<TResponse> ResponseStream { get; }

    /// <summary>Starts the call with its only request.</summary>
    public abstract void StartWith(TRequest request);

    /// <summary>Starts the call with a stream of requests.</summary>
    public abstract IClientStreamWriter<TRequest> StartStreaming();
}
