using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>The status page of a cluster where a browser on this machine finds it. Dispose it to end the way there.</summary>
public sealed class Dashboard : IAsyncDisposable
{
    private readonly PortForward? _tunnel;

    private Dashboard(string url, PortForward? tunnel) => (Url, _tunnel) = (url, tunnel);

    /// <summary>For a browser here.</summary>
    public string Url { get; }

    /// <summary>It is good only until this is disposed.</summary>
    public bool IsTunnel => _tunnel is not null;

    /// <summary>Finds the page.</summary>
    /// <param name="site">The cluster.</param>
    /// <param name="port">Of this machine, for the way there; null: any free one, or none where none is needed.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="LaunchException">The cluster is not up, its page is off, or the port is taken.</exception>
    public static async Task<Dashboard> OpenAsync(ClusterSite site, int? port, CancellationToken cancellation)
    {
        await using var reach = await SchedulerReach.RequireAsync(site, cancellation).ConfigureAwait(false);
        var info = await reach.AskAsync(cancellation).ConfigureAwait(false);
        if (info.StatusUrl.Length == 0)
        {
            throw new LaunchException(ExitCodes.Failure, $"the status page of {site.Configuration.ClusterName} is off.");
        }

        if (site.Head.IsThisMachine && port is null)
        {
            return new Dashboard(info.StatusUrl, null);
        }

        var page = new UriBuilder(info.StatusUrl);
        try
        {
            var tunnel = await site.Head.ForwardAsync(page.Host, page.Port, port ?? 0, cancellation).ConfigureAwait(false);
            (page.Host, page.Port) = (tunnel.Local.Address.ToString(), tunnel.Local.Port);
            return new Dashboard(page.Uri.ToString(), tunnel);
        }
        catch (ProviderException failure)
        {
            throw new LaunchException(ExitCodes.NotReachable, failure.Message);
        }
        catch (System.Net.Sockets.SocketException failure)
        {
            throw new LaunchException(ExitCodes.CannotListen, $"port {port}: {failure.Message}.");
        }
    }

    public ValueTask DisposeAsync() => _tunnel?.DisposeAsync() ?? ValueTask.CompletedTask;
}
