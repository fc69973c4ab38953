using System.Net;
using System.Net.Sockets;

namespace Weft.Launcher;

/// <summary>Leads connections to a port of this machine's loopback elsewhere, until it is disposed.</summary>
internal sealed class LoopbackRelay : IAsyncDisposable
{
    /// <summary>At a time; more wait to be accepted.</summary>
    private const int ConnectionsMax = 64;

    private readonly CancellationTokenSource _ending = new();
    private readonly SemaphoreSlim _places = new(ConnectionsMax);
    private readonly TcpListener _listener;
    private readonly string _host;
    private readonly int _port;
    private readonly Task _accepting;

    private LoopbackRelay(string host, int port, int localPort)
    {
        (_host, _port) = (host, port);
        _listener = new TcpListener(IPAddress.Loopback, localPort);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public IPEndPoint Local => (IPEndPoint)_listener.LocalEndpoint;

    /// <exception cref="SocketException">The port is taken.</exception>
    public static LoopbackRelay Start(string host, int port, int localPort) => new(host, port, localPort);

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        await _accepting.ConfigureAwait(false);
        _listener.Dispose();
        // When all places are free, nobody is left who would give one back.
        for (var place = 0; place < ConnectionsMax; place++)
        {
            await _places.WaitAsync().ConfigureAwait(false);
        }

        _places.Dispose();
        _ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                await _places.WaitAsync(_ending.Token).ConfigureAwait(false);
                _ = ServeAsync(await AcceptOneAsync().ConfigureAwait(false));
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }

    private async Task<TcpClient> AcceptOneAsync()
    {
        try
        {
            return await _listener.AcceptTcpClientAsync(_ending.Token).ConfigureAwait(false);
        }
        catch
        {
            _places.Release();
            throw;
        }
    }

    private async Task ServeAsync(TcpClient near)
    {
        using var accepted = near;
        try
        {
            using var far = new TcpClient { NoDelay = true };
            near.NoDelay = true;
            await far.ConnectAsync(_host, _port, _ending.Token).ConfigureAwait(false);
            var (here, there) = (near.GetStream(), far.GetStream());
            await Task.WhenAll(CopyAsync(here, there), CopyAsync(there, here)).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException)
        {
            // Whoever connected sees the connection break: that is what a wire does.
            near.Client.Close(0);
        }
        finally
        {
            _places.Release();
        }
    }

    private async Task CopyAsync(NetworkStream from, NetworkStream to)
    {
        try
        {
            await from.CopyToAsync(to, _ending.Token).ConfigureAwait(false);
            to.Socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            // One side was reset. So is the other, at once: it must not take what has come for all there is, and nobody waits for it.
            from.Socket.Close(0);
            to.Socket.Close(0);
            throw;
        }
    }
}
