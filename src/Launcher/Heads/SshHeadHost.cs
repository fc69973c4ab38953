using System.Net;
using System.Net.Sockets;
using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>The head on another host, reached by <c>ssh</c> and <c>rsync</c>.</summary>
/// <param name="settings">How the host is logged in to.</param>
/// <param name="target">The host.</param>
/// <param name="time">Measures pauses after failures.</param>
internal sealed class SshHeadHost(SshSettings settings, SshTarget target, TimeProvider time) : IHeadHost
{
    /// <summary>Between the choice of a free port and the listening of <c>ssh</c> another may take it.</summary>
    private const int PortTries = 3;

    private static readonly TimeSpan EndTime = TimeSpan.FromSeconds(5);

    private readonly SshHosts _hosts = new(settings, [target], time);

    public string Name => Host.ToString();

    public bool IsThisMachine => false;

    private SshHost Host => _hosts.All[0];

    public Task<CommandResult> RunAsync(string script, string? input, CancellationToken cancellation) =>
        EndIfCancelledAsync(mark => Host.RunAsync(script, input, Timeout.InfiniteTimeSpan, cancellation, mark));

    public async Task<RunningScript> StartAsync(string script, CancellationToken cancellation)
    {
        var socket = await Host.ConnectAsync(cancellation).ConfigureAwait(false);
        return await RunningScript.StartAsync("ssh", Host.Arguments.Run(socket, RemoteScript.FromInput()), RemoteScript.Input(script, input: null)).ConfigureAwait(false);
    }

    public async Task<int> RunHereAsync(string? script, bool withTerminal, CancellationToken cancellation)
    {
        var socket = await Host.ConnectAsync(cancellation).ConfigureAwait(false);
        return await EndIfCancelledAsync(async mark =>
        {
            if (script is not null)
            {
                await this.KeepAsync(mark, script, cancellation).ConfigureAwait(false);
            }

            return await ForegroundProcess.RunAsync("ssh", Host.Arguments.RunHere(socket, script is null ? null : RemoteScript.FromFile(mark), withTerminal), cancellation).ConfigureAwait(false);
        }).ConfigureAwait(false);
    }

    public Task CopyToAsync(NodeFile file, CancellationToken cancellation) => RsyncCopy.ToHostAsync(Host, file, cancellation);

    public Task CopyFromAsync(NodeFile file, CancellationToken cancellation) => RsyncCopy.FromHostAsync(Host, file, cancellation);

    public async Task<PortForward> ForwardAsync(string host, int port, int localPort, CancellationToken cancellation)
    {
        for (var tries = 1; ; tries++)
        {
            var local = new IPEndPoint(IPAddress.Loopback, localPort == 0 ? FreePort() : localPort);
            try
            {
                var kept = new KeptForward(await OpenAsync(cancellation).ConfigureAwait(false), OpenAsync, time);
                return new PortForward(local, kept.DisposeAsync);
            }
            catch (ProviderException failure) when (localPort == 0 && tries < PortTries && failure.Message.Contains(SshFailure.PortTaken, StringComparison.Ordinal))
            {
                // Another free one.
            }

            async Task<IHeldConnection> OpenAsync(CancellationToken ending) =>
                await SshSession.OpenAsync(Host.Target, Host.Arguments.Forward(local.Port, host, port), settings.ConnectTimeout, ending).ConfigureAwait(false);
        }
    }

    public ValueTask DisposeAsync() => _hosts.DisposeAsync();

    /// <summary>Nobody waits any more for what runs there: it is ended, if that can be done in a moment.</summary>
    private async Task<T> EndIfCancelledAsync<T>(Func<string, Task<T>> run)
    {
        var mark = RemoteScript.NewMark();
        try
        {
            return await run(mark).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            try
            {
                await Host.RunAsync(RemoteScript.End(mark), input: null, EndTime, CancellationToken.None).ConfigureAwait(false);
            }
            catch (ProviderException)
            {
                // The host is out of reach: that was a reason to cancel.
            }

            throw;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
