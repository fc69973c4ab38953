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

        return await ThroughAsync(site.Head, info.StatusUrl, port ?? 0, cancellation).ConfigureAwait(false);
    }

    /// <summary>Leads to a page that the head can reach.</summary>
    /// <exception cref="LaunchException">The head's host cannot be reached, or the port is taken.</exception>
    internal static async Task<Dashboard> ThroughAsync(IHeadHost head, string url, int port, CancellationToken cancellation)
    {
        var page = new UriBuilder(url);
        var tunnel = await head.OpenPortAsync(page.Uri.IdnHost, page.Port, port, cancellation).ConfigureAwait(false);
        (page.Host, page.Port) = (tunnel.Local.Address.ToString(), tunnel.Local.Port);
        return new Dashboard(page.Uri.ToString(), tunnel);
    }

    public ValueTask DisposeAsync() => _tunnel?.DisposeAsync() ?? ValueTask.CompletedTask;
}
