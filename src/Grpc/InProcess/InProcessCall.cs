using System.Threading.Channels;

namespace Weft.Grpc;

/// <summary>A call whose two sides are two bounded queues in one process.</summary>
internal sealed class InProcessCall<TRequest, TResponse> : ClientCall<TRequest, TResponse>
{
    private readonly InProcessChannel _channel;
    private readonly Method<TRequest, TResponse> _method;
    private readonly CallOptions _options;
    private readonly Channel<TRequest> _requests;
    private readonly Channel<TResponse> _responses;
    private readonly InProcessResponseReader<TRequest, TResponse> _reader;

    /// <summary>Written before the queues close, read after they are seen to have closed.</summary>
    private (Status Status, Metadata Trailers) _served = (ServerFault.HandlerThrew, []);

    public InProcessCall(InProcessChannel channel, Method<TRequest, TResponse> method, CallOptions options)
        : base(options, channel.Disposed)
    {
        _channel = channel;
        _method = method;
        _options = options;
        _requests = CreateQueue<TRequest>();
        _responses = CreateQueue<TResponse>();
        _reader = new InProcessResponseReader<TRequest, TResponse>(this, _responses.Reader);
    }

    public CancellationToken Token => Broken;

    public override IAsyncStreamReader<TResponse> ResponseStream => _reader;

    public override void StartWith(TRequest request)
    {
        _requests.Writer.TryWrite(request);
        _requests.Writer.TryComplete();
        Start();
    }

    public override IClientStreamWriter<TRequest> StartStreaming()
    {
        Start();
        return new InProcessRequestWriter<TRequest, TResponse>(this, _requests.Writer);
    }

    /// <summary>The status that the handler left, once its messages have been read.</summary>
    public void EndAsServed() => End(_served.Status, _served.Trailers);

    /// <summary>The same for a writer, where there is no message that would have to be read before.</summary>
    public bool TryEndAsServed()
    {
        if (!_responses.Reader.Completion.IsCompleted) return false;
        EndAsServed();
        return true;
    }

    protected override void OnBroken() => CloseQueues();

    private Channel<T> CreateQueue<T>() => Channel.CreateBounded<T>(
        new BoundedChannelOptions(_channel.Options.QueueCapacity) { SingleReader = true, SingleWriter = true });

    private void Start()
    {
        StartLife();
        if (HasEnded) return;

        var headers = new Metadata();
        headers.AddAll(_channel.Options.DefaultHeaders);
        headers.AddAll(_options.Headers);
        var context = new InProcessServerCallContext(_method.FullName, headers, _options.Deadline, Token, TakeHeaders);
        ThreadPool.UnsafeQueueUserWorkItem(static work => _ = work.Call.ServeAsync(work.Context), (Call: this, Context: context), preferLocal: false);
    }

    private async Task ServeAsync(InProcessServerCallContext context)
    {
        try
        {
            var status = await RunHandlerAsync(context).ConfigureAwait(false);
            context.SendHeaders();
            _served = (new Status(status.StatusCode, status.Detail), context.ResponseTrailers);
        }
        finally
        {
            CloseQueues();
        }
    }

    private async Task<Status> RunHandlerAsync(InProcessServerCallContext context)
    {
        try
        {
            var requests = new InProcessRequestReader<TRequest>(_requests.Reader, Token);
            var responses = new InProcessResponseWriter<TResponse>(_responses.Writer, context);
            await FindHandler()(requests, responses, context).ConfigureAwait(false);
            return context.Status;
        }
        catch (Exception thrown)
        {
            return ServerFault.ToStatus(thrown, context, _channel.Options.HandlerFailed);
        }
    }

    private DuplexStreamingServerMethod<TRequest, TResponse> FindHandler() => _channel.Find(_method.FullName) switch
    {
        ServerMethod<TRequest, TResponse> method => method.Handler,
        null => throw RpcException.Of(StatusCode.Unimplemented, $"{_method.FullName} is not implemented."),
        _ => throw RpcException.Of(StatusCode.Internal, $"{_method.FullName} is served with other message types than {typeof(TRequest)} and {typeof(TResponse)}."),
    };

    /// <summary>In this order: who cannot write any more finds the status.</summary>
    private void CloseQueues()
    {
        _responses.Writer.TryComplete();
        _requests.Writer.TryComplete();
    }
}
