namespace Weft.Grpc;

/// <summary>A call over HTTP/2: sends the request and finds the status wherever the server put it.</summary>
internal sealed class HttpCall<TRequest, TResponse> : ClientCall<TRequest, TResponse>
{
    private readonly GrpcChannel _channel;
    private readonly Method<TRequest, TResponse> _method;
    private readonly CallOptions _options;
    private readonly HttpResponseReader<TRequest, TResponse> _responses;
    private SingleMessageContent? _singleContent;
    private StreamingContent? _streamingContent;
    private HttpResponseMessage? _response;

    public HttpCall(GrpcChannel channel, Method<TRequest, TResponse> method, CallOptions options)
        : base(options, channel.Disposed)
    {
        _channel = channel;
        _method = method;
        _options = options;
        _responses = new HttpResponseReader<TRequest, TResponse>(this);
    }

    public Method<TRequest, TResponse> Method => _method;

    public int RequestSizeMax => _options.MaxSendMessageSize ?? _channel.Options.MaxSendMessageSize ?? int.MaxValue;

    public int ResponseSizeMax => _options.MaxReceiveMessageSize ?? _channel.Options.MaxReceiveMessageSize ?? int.MaxValue;

    /// <summary>Completes when the response's head has come; with null when the call has ended before that, or with it.</summary>
    public Task<HttpResponseMessage?> Response { get; private set; } = Task.FromResult<HttpResponseMessage?>(null);

    public Uri Address => _channel.Address;

    public CancellationToken Token => Broken;

    public override IAsyncStreamReader<TResponse> ResponseStream => _responses;

    public override void StartWith(TRequest request)
    {
        var frames = new FrameBuffer();
        try
        {
            frames.Append(request, _method.RequestMarshaller, RequestSizeMax);
        }
        catch (RpcException tooLarge)
        {
            Break(tooLarge.Status);
        }

        _singleContent = new SingleMessageContent(frames);
        Start(_singleContent);
    }

    public override IClientStreamWriter<TRequest> StartStreaming()
    {
        _streamingContent = new StreamingContent();
        var writer = new HttpRequestWriter<TRequest, TResponse>(this, _streamingContent);
        Start(_streamingContent);
        return writer;
    }

    /// <summary>Ends the call for a failure of the transport, unless it has ended already, and returns what to throw.</summary>
    public RpcException BreakFor(Exception failure)
    {
        Break(IsAtDeadline ? DeadlinePassed : TransportFault.ToStatus(failure, _channel.Address));
        return Error();
    }

    /// <summary>The response has been read to its end: its trailers hold the status.</summary>
    public void EndWith(HttpResponseMessage response)
    {
        var (status, trailers) = ResponseStatus.Read(response);
        End(status, trailers);
        _streamingContent?.Finish();
        _singleContent?.Release();
        response.Dispose();
    }

    protected override void OnBroken()
    {
        // In this order: the reset must reach the server before the request's end, which would look like a regular one.
        Volatile.Read(ref _response)?.Dispose();
        _streamingContent?.Abandon(Error());
    }

    private void Start(HttpContent content)
    {
        StartLife();
        if (!HasEnded) Response = SendAsync(content);
    }

    private async Task<HttpResponseMessage?> SendAsync(HttpContent content)
    {
        try
        {
            var request = HttpRequestHead.Create(_channel, _method, _options.Headers, TimeLeft, content);
            var response = await _channel.Http.SendAsync(request, Token).ConfigureAwait(false);
            Volatile.Write(ref _response, response);
            if (HasEnded)
            {
                response.Dispose();
                return null;
            }

            TakeHeaders(ResponseStatus.HasStatus(response.Headers) ? [] : ResponseStatus.ReadMetadata(response.Headers));
            if (ResponseStatus.Refusal(response) is { } refusal)
            {
                Break(refusal);
                return null;
            }

            if (ResponseStatus.HasStatus(response.Headers))
            {
                EndWith(response);
                return null;
            }

            _streamingContent?.OnAnswered();
            return response;
        }
        catch (Exception failure)
        {
            BreakFor(failure);
            return null;
        }
    }
}
