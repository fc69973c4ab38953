namespace Weft.Grpc;

/// <summary>One request, a stream of responses.</summary>
public sealed class AsyncServerStreamingCall<TResponse>(
    IAsyncStreamReader<TResponse> responseStream,
    Task<Metadata> responseHeadersAsync,
    Func<Status> getStatusFunc,
    Func<Metadata> getTrailersFunc,
    Action disposeAction) : AsyncCall(responseHeadersAsync, getStatusFunc, getTrailersFunc, disposeAction)
{
    public IAsyncStreamReader<TResponse> ResponseStream { get; } = responseStream;
}
