namespace Weft.Grpc;

/// <summary>Puts the four kinds of calls on the one kind that our channels know.</summary>
public abstract class ChannelBase : CallInvoker
{
    private protected ChannelBase()
    {
    }

    public sealed override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, CallOptions options, TRequest request)
    {
        var call = Create(method, options, MethodType.Unary);
        call.StartWith(request);
        var response = SingleMessage.OfResponsesAsync(call, call.ResponseStream);
        return new AsyncUnaryCall<TResponse>(response, call.ResponseHeaders, call.GetStatus, call.GetTrailers, call.Dispose);
    }

    public sealed override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, CallOptions options, TRequest request)
    {
        var call = Create(method, options, MethodType.ServerStreaming);
        call.StartWith(request);
        return new AsyncServerStreamingCall<TResponse>(call.ResponseStream, call.ResponseHeaders, call.GetStatus, call.GetTrailers, call.Dispose);
    }

    public sealed override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, CallOptions options)
    {
        var call = Create(method, options, MethodType.ClientStreaming);
        var requests = call.StartStreaming();
        var response = SingleMessage.OfResponsesAsync(call, call.ResponseStream);
        return new AsyncClientStreamingCall<TRequest, TResponse>(requests, response, call.ResponseHeaders, call.GetStatus, call.GetTrailers, call.Dispose);
    }

    public sealed override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, CallOptions options)
    {
        var call = Create(method, options, MethodType.DuplexStreaming);
        var requests = call.StartStreaming();
        return new AsyncDuplexStreamingCall<TRequest, TResponse>(
            requests, call.ResponseStream, call.ResponseHeaders, call.GetStatus, call.GetTrailers, call.Dispose);
    }

    private protected abstract ClientCall<TRequest, TResponse> Create<TRequest, TResponse>(Method<TRequest, TResponse> method, CallOptions options);

    private ClientCall<TRequest, TResponse> Create<TRequest, TResponse>(Method<TRequest, TResponse> method, CallOptions options, MethodType type)
    {
        ArgumentNullException.ThrowIfNull(method);
        if (method.Type != type) throw new ArgumentException($"{method.FullName} is {method.Type}; it cannot be called as {type}.", nameof(method));
        return Create(method, options);
    }
}
