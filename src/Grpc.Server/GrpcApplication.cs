using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Weft.Grpc.Server;

/// <summary>What Kestrel calls for each request: decides whether it is a gRPC call, whether it may be made, and who handles it.</summary>
internal sealed class GrpcApplication : IHttpApplication<HttpContext>
{
    private static readonly ServerMethodHandler NotImplemented = new UnknownMethodHandler();

    private readonly GrpcServerOptions _options;
    private readonly Dictionary<string, ServerMethodHandler> _handlers;

    public GrpcApplication(GrpcServerOptions options)
    {
        _options = options;
        var factory = new ServerMethodHandlerFactory(options);
        _handlers = ServerServiceDefinition.Merge(options.Services).ToDictionary(method => method.Key, method => method.Value.Accept(factory));
    }

    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    public void DisposeContext(HttpContext context, Exception? exception)
    {
    }

    public Task ProcessRequestAsync(HttpContext context) => Refuse(context) ?? ServeAsync(context);

    /// <summary>Answers what is no gRPC call in HTTP's own words.</summary>
    private static Task? Refuse(HttpContext context)
    {
        var request = context.Request;
        HttpStatusCode? refusal =
            !HttpMethods.IsPost(request.Method) ? HttpStatusCode.MethodNotAllowed
            : !HeaderNames.IsGrpcContentType(request.ContentType) ? HttpStatusCode.UnsupportedMediaType
            : null;
        if (refusal is null) return null;
        context.Response.StatusCode = (int)refusal;
        return Task.CompletedTask;
    }

    private async Task ServeAsync(HttpContext http)
    {
        http.Response.ContentType = HeaderNames.ContentType;
        using var context = new HttpServerCallContext(http);
        Status status;
        try
        {
            status = Admit(context);
            if (status.StatusCode == StatusCode.OK)
            {
                await _handlers.GetValueOrDefault(context.Method, NotImplemented).HandleAsync(http, context).ConfigureAwait(false);
                status = context.Status;
            }
        }
        catch (Exception thrown)
        {
            status = ServerFault.ToStatus(thrown, context, _options.HandlerFailed);
        }

        context.End(context.DeadlineHasPassed ? ServerFault.DeadlinePassed : status);
    }

    private Status Admit(HttpServerCallContext context)
    {
        if (context.MalformedTimeout is { } timeout) return new Status(StatusCode.Internal, $"The grpc-timeout '{timeout}' cannot be read.");
        var verdict = _options.Authorize?.Invoke(context) ?? Status.DefaultSuccess;
        if (verdict.StatusCode != StatusCode.OK) return verdict;
        return context.RequestEncoding is { } encoding && encoding != HeaderNames.Identity
            ? new Status(StatusCode.Unimplemented, $"The message encoding '{encoding}' is not supported; send '{HeaderNames.Identity}'.")
            : Status.DefaultSuccess;
    }
}
