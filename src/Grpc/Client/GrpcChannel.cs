using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Weft.Grpc;

/// <summary>
/// Calls a gRPC server over HTTP/2, in cleartext (<c>http</c>, prior knowledge) or TLS (<c>https</c>). It connects with the
/// first call and again after a loss; a call that finds no connection ends with <see cref="StatusCode.Unavailable"/>. Thread
/// safe. Disposing ends its calls.
/// </summary>
public sealed class GrpcChannel : ChannelBase, IDisposable
{
    private readonly ConcurrentDictionary<IMethod, Uri> _uris = new();
    private readonly CancellationTokenSource _disposed = new();

    private GrpcChannel(Uri address, GrpcChannelOptions options)
    {
        Address = address;
        Options = options;
        Http = new HttpMessageInvoker(CreateHandler(options), disposeHandler: true);
    }

    public Uri Address { get; }

    internal GrpcChannelOptions Options { get; }

    internal HttpMessageInvoker Http { get; }

    internal CancellationToken Disposed => _disposed.Token;

    public static GrpcChannel ForAddress(string address, GrpcChannelOptions? options = null) => ForAddress(new Uri(address), options);

    public static GrpcChannel ForAddress(Uri address, GrpcChannelOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (!address.IsAbsoluteUri || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps))
        {
            throw new ArgumentException($"The address '{address}' must be http://host:port or https://host:port.", nameof(address));
        }

        options ??= new GrpcChannelOptions();
        if (options.CertificateFingerprint is not null && address.Scheme != Uri.UriSchemeHttps)
        {
            throw new ArgumentException($"A certificate is pinned, but '{address}' is not https.", nameof(address));
        }

        return new GrpcChannel(address, options);
    }

    public void Dispose()
    {
        _disposed.Cancel();
        Http.Dispose();
    }

    internal Uri UriOf(IMethod method) => _uris.GetOrAdd(method, static (method, address) => new Uri(address, method.FullName), Address);

    private protected override ClientCall<TRequest, TResponse> Create<TRequest, TResponse>(Method<TRequest, TResponse> method, CallOptions options) =>
        new HttpCall<TRequest, TResponse>(this, method, options);

    private static SocketsHttpHandler CreateHandler(GrpcChannelOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            EnableMultipleHttp2Connections = true,
            InitialHttp2StreamWindowSize = options.InitialStreamWindowSize,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            ConnectTimeout = options.ConnectTimeout,
            KeepAlivePingDelay = options.KeepAlivePingDelay,
            KeepAlivePingTimeout = options.KeepAlivePingTimeout,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            ConnectCallback = options.ConnectCallback ?? ConnectAsync,
        };
        if (options.CertificateFingerprint is { } fingerprint)
        {
            handler.SslOptions.RemoteCertificateValidationCallback = new PinnedCertificate(fingerprint).Validate;
        }

        return handler;
    }

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
