using Weft.Grpc;

namespace Weft.Worker;

/// <summary>Calls whichever scheduler is the present one. Thread safe.</summary>
internal sealed class CurrentInvoker : CallInvoker
{
    private volatile CallInvoker? _target;

    public CallInvoker Target
    {
        set => _target = value;
    }

    private CallInvoker Present => _target ?? throw new RpcException(new Status(StatusCode.Unavailable, "There is no scheduler yet."));

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, CallOptions options, TRequest request) =>
        Present.AsyncUnaryCall(method, options, request);

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, CallOptions options, TRequest request) =>
        Present.AsyncServerStreamingCall(method, options, request);

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, CallOptions options) =>
        Present.AsyncClientStreamingCall(method, options);

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, CallOptions options) =>
        Present.AsyncDuplexStreamingCall(method, options);
}
