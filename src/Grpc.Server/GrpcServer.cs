using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Weft.Grpc.Server;

/// <summary>
/// Serves gRPC on Kestrel. It takes Kestrel out of the web host and leaves the rest: no configuration files, no console, and
/// no signal handlers, which belong to the program.
/// </summary>
public sealed class GrpcServer : IAsyncDisposable
{
    private readonly WebApplication _parts;
    private readonly IServer _kestrel;
    private readonly List<ListenOptions> _listeners;
    private int _stopped;

    private GrpcServer(WebApplication parts, List<ListenOptions> listeners)
    {
        _parts = parts;
        _kestrel = parts.Services.GetRequiredService<IServer>();
        _listeners = listeners;
    }

    /// <summary>What the server is bound to, in the order of <see cref="GrpcServerOptions.Listen"/>.</summary>
    public IReadOnlyList<IPEndPoint> Endpoints => [.. _listeners.Select(listener => listener.IPEndPoint!)];

    /// <summary>Completes when the server accepts calls.</summary>
    /// <exception cref="AddressInUseException">Another process listens there; the message names the address.</exception>
    /// <exception cref="IOException">An address cannot be bound; the message names it.</exception>
    public static async Task<GrpcServer> StartAsync(GrpcServerOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Listen.Count == 0) throw new ArgumentException("Listen must hold at least one address.", nameof(options));

        var application = new GrpcApplication(options);
        var listeners = new List<ListenOptions>();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, options, listeners));
        if (options.Certificate is not null) builder.WebHost.UseKestrelHttpsConfiguration();

        var server = new GrpcServer(builder.Build(), listeners);
        try
        {
            await server._kestrel.StartAsync(application, cancellationToken).ConfigureAwait(false);
            return server;
        }
        catch (Exception failure)
        {
            await server.DisposeAsync().ConfigureAwait(false);
            if (ListenFailure.AsAddressInUse(failure, options.Listen) is { } inUse) throw inUse;
            throw;
        }
    }

    /// <summary>Takes no new calls and lets open ones finish; those that have not after <paramref name="timeout"/> are cut off.</summary>
    public async Task StopAsync(TimeSpan timeout)
    {
        if (Interlocked.Exchange(ref _stopped, 1) != 0) return;
        using var patience = new CancellationTokenSource(timeout);
        await _kestrel.StopAsync(patience.Token).ConfigureAwait(false);
    }

    /// <summary>Stops at once: open calls are cut off.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(TimeSpan.Zero).ConfigureAwait(false);
        await _parts.DisposeAsync().ConfigureAwait(false);
    }

    private static void Configure(KestrelServerOptions kestrel, GrpcServerOptions options, List<ListenOptions> listeners)
    {
        kestrel.AddServerHeader = false;
        var limits = kestrel.Limits;

        // A stream may be idle for hours and a receiver slow for as long as it likes: neither is an attack here.
        limits.MinRequestBodyDataRate = null;
        limits.MinResponseDataRate = null;
        limits.MaxRequestBodySize = null;
        limits.Http2.MaxStreamsPerConnection = options.MaxStreamsPerConnection;
        limits.Http2.InitialStreamWindowSize = options.InitialStreamWindowSize;
        limits.Http2.InitialConnectionWindowSize = options.InitialConnectionWindowSize;
        limits.Http2.KeepAlivePingDelay = options.KeepAlivePingDelay;
        limits.Http2.KeepAlivePingTimeout = options.KeepAlivePingTimeout;
        foreach (var endpoint in options.Listen)
        {
            kestrel.Listen(endpoint, listener =>
            {
                listeners.Add(listener);
                listener.Protocols = HttpProtocols.Http2;
                if (options.Certificate is { } certificate) listener.UseHttps(certificate);
                options.ConfigureListener?.Invoke(listener);
            });
        }
    }
}
