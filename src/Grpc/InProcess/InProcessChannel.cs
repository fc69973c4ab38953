namespace Weft.Grpc;

/// <summary>
/// Calls handlers in this process as if they were remote, with the same metadata, status, deadlines, cancellation,
/// half-close and back-pressure, but through queues: messages are handed over by reference, so whoever has written one must
/// not change it, and size limits do not apply. Thread safe. Disposing ends its calls.
/// </summary>
public sealed class InProcessChannel : ChannelBase, IDisposable
{
    private readonly Dictionary<string, ServerMethod> _methods;
    private readonly CancellationTokenSource _disposed = new();

    public InProcessChannel(params IEnumerable<ServerServiceDefinition> services)
        : this(new InProcessChannelOptions(), services)
    {
    }

    public InProcessChannel(InProcessChannelOptions options, params IEnumerable<ServerServiceDefinition> services)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(services);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.QueueCapacity, 1, nameof(options));
        Options = options;
        _methods = ServerServiceDefinition.Merge(services);
    }

    internal InProcessChannelOptions Options { get; }

    internal CancellationToken Disposed => _disposed.Token;

    public void Dispose() => _disposed.Cancel();

    internal ServerMethod? Find(string path) => _methods.GetValueOrDefault(path);

    private protected override ClientCall<TRequest, TResponse> Create<TRequest, TResponse>(Method<TRequest, TResponse> method, CallOptions options) =>
        new InProcessCall<TRequest, TResponse>(this, method, options);
}
