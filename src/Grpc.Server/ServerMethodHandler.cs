using Microsoft.AspNetCore.Http;

namespace Weft.Grpc.Server;

/// <summary>Runs one method's handler on an HTTP request.</summary>
internal abstract class ServerMethodHandler
{
    public abstract Task HandleAsync(HttpContext http, HttpServerCallContext context);
}

internal sealed class UnknownMethodHandler : ServerMethodHandler
{
    public override Task HandleAsync(HttpContext http, HttpServerCallContext context) =>
        throw new RpcException(new Status(StatusCode.Unimplemented, $"{context.Method} is not implemented."));
}

internal sealed class ServerMethodHandler<TRequest, TResponse>(ServerMethod<TRequest, TResponse> method, GrpcServerOptions options) : ServerMethodHandler
{
    public override async Task HandleAsync(HttpContext http, HttpServerCallContext context)
    {
        var requests = new HttpRequestReader<TRequest>(
            http.Request.BodyReader, context, method.Method.RequestMarshaller, options.MaxReceiveMessageSize ?? int.MaxValue);
        using var responses = new HttpResponseWriter<TResponse>(
            http.Response.BodyWriter, context, method.Method.ResponseMarshaller, options.MaxSendMessageSize ?? int.MaxValue);
        try
        {
            await method.Handler(requests, responses, context).ConfigureAwait(false);
        }
        finally
        {
            if (!context.CancellationToken.IsCancellationRequested) responses.Complete();
        }
    }
}

internal sealed class ServerMethodHandlerFactory(GrpcServerOptions options) : IServerMethodVisitor<ServerMethodHandler>
{
    public ServerMethodHandler Visit<TRequest, TResponse>(ServerMethod<TRequest, TResponse> method) =>
        new ServerMethodHandler<TRequest, TResponse>(method, options);
}
