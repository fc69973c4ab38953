namespace Weft.Grpc;

/// <summary>Methods with their handlers, ready to be served by a <c>GrpcServer</c> or an <see cref="InProcessChannel"/>.</summary>
public sealed class ServerServiceDefinition
{
    private ServerServiceDefinition(Dictionary<string, ServerMethod> methods) => Methods = methods;

    internal IReadOnlyDictionary<string, ServerMethod> Methods { get; }

    public static Builder CreateBuilder() => new();

    /// <summary>All methods of several definitions by path; two handlers for one path are a mistake.</summary>
    internal static Dictionary<string, ServerMethod> Merge(IEnumerable<ServerServiceDefinition> definitions)
    {
        var merged = new Dictionary<string, ServerMethod>();
        foreach (var (path, method) in definitions.SelectMany(definition => definition.Methods))
        {
            if (!merged.TryAdd(path, method)) throw new ArgumentException($"{path} has a handler already.", nameof(definitions));
        }

        return merged;
    }

    public sealed class Builder
    {
        private readonly Dictionary<string, ServerMethod> _methods = [];

        public Builder AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse> handler)
        {
            ArgumentNullException.ThrowIfNull(handler);
            return Add(method, MethodType.Unary, async (requests, responses, context) =>
            {
                var request = await SingleMessage.OfRequestsAsync(requests, context).ConfigureAwait(false);
                var response = await handler(request, context).ConfigureAwait(false);
                await SingleMessage.RespondAsync(responses, response, context).ConfigureAwait(false);
            });
        }

        public Builder AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse> handler)
        {
            ArgumentNullException.ThrowIfNull(handler);
            return Add(method, MethodType.ClientStreaming, async (requests, responses, context) =>
            {
                var response = await handler(requests, context).ConfigureAwait(false);
                await SingleMessage.RespondAsync(responses, response, context).ConfigureAwait(false);
            });
        }

        public Builder AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse> handler)
        {
            ArgumentNullException.ThrowIfNull(handler);
            return Add(method, MethodType.ServerStreaming, async (requests, responses, context) =>
            {
                var request = await SingleMessage.OfRequestsAsync(requests, context).ConfigureAwait(false);
                await handler(request, responses, context).ConfigureAwait(false);
            });
        }

        public Builder AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse> handler)
        {
            ArgumentNullException.ThrowIfNull(handler);
            return Add(method, MethodType.DuplexStreaming, handler);
        }

        public ServerServiceDefinition Build() => new(new Dictionary<string, ServerMethod>(_methods));

        private Builder Add<TRequest, TResponse>(
            Method<TRequest, TResponse> method, MethodType type, DuplexStreamingServerMethod<TRequest, TResponse> handler)
        {
            ArgumentNullException.ThrowIfNull(method);
            if (method.Type != type) throw new ArgumentException($"{method.FullName} is {method.Type}; this handler serves {type}.", nameof(method));
            if (!_methods.TryAdd(method.FullName, new ServerMethod<TRequest, TResponse>(method, handler)))
            {
                throw new ArgumentException($"{method.FullName} has a handler already.", nameof(method));
            }

            return this;
        }
    }
}
