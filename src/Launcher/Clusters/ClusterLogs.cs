using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>What the head and the nodes of a cluster have written.</summary>
public sealed class ClusterLogs(ClusterSite site)
{
    /// <summary>The last lines of a node, oldest first; of one that has ended, too, where they are kept. Empty: it has written nothing yet.</summary>
    /// <exception cref="LaunchException">There is no such node and nothing of it, or the system that it is from could not be asked.</exception>
    public async Task<IReadOnlyList<string>> ReadAsync(NodeId node, int lines, CancellationToken cancellation)
    {
        try
        {
            return node == NodeMarks.Head
                ? await OfHeadAsync(lines, cancellation).ConfigureAwait(false)
                : await OfWorkerAsync(node, lines, cancellation).ConfigureAwait(false);
        }
        catch (ProviderException failure)
        {
            throw new LaunchException(ExitCodes.Failure, failure.Message);
        }
    }

    private async Task<IReadOnlyList<string>> OfHeadAsync(int lines, CancellationToken cancellation)
    {
        var head = new HeadLaunch(site);
        var log = await head.ReadLogAsync(lines, cancellation).ConfigureAwait(false);
        return log.Count > 0 || await head.FindAsync(cancellation).ConfigureAwait(false) is not null
            ? log
            : throw new LaunchException(ExitCodes.NotReachable, $"cluster {site.Configuration.ClusterName} is not up, and nothing that its head wrote is left.");
    }

    private async Task<IReadOnlyList<string>> OfWorkerAsync(NodeId node, int lines, CancellationToken cancellation)
    {
        var log = await site.Provider.ReadLogAsync(node, lines, cancellation).ConfigureAwait(false);
        return log.Count > 0 || (await site.Provider.ListAsync(cancellation).ConfigureAwait(false)).Any(listed => listed.Id == node)
            ? log
            : throw new LaunchException(ExitCodes.Usage, $"cluster {site.Configuration.ClusterName} has no node {node}, and nothing that it wrote is left.");
    }
}
