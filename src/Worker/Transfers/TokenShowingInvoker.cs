using Weft.Grpc;

namespace Weft.Worker;

/// <summary>Adds the token to calls over a channel that others share.</summary>
internal sealed class TokenShowingInvoker(CallInvoker channel, Metadata headers) : CallInvoker
{
    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, CallOptions options, TRequest request) =>
        channel.AsyncUnaryCall(method, With(options), request);

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, CallOptions options, TRequest request) =>
        channel.AsyncServerStreamingCall(method, With(options), request);

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, CallOptions options) =>
        channel.AsyncClientStreamingCall(method, With(options));

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, CallOptions options) =>
        channel.AsyncDuplexStreamingCall(method, With(options));

    private CallOptions With(CallOptions options)
    {
        if (options.Headers is null)
        {
            return options.WithHeaders(headers);
        }

        var all = new Metadata();
        foreach (var entry in options.Headers.Concat(headers))
        {
            all.Add(entry);
        }

        return options.WithHeaders(all);
    }
}
