using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>What the head and the nodes of a cluster have written.</summary>
public sealed class ClusterLogs(ClusterSite site)
{
    /// <summary>The last lines of a node, oldest first; empty: it has written nothing, or there is no such node.</summary>
    /// <exception cref="LaunchException">The system that the node is from could not be asked.</exception>
    public async Task<IReadOnlyList<string>> ReadAsync(NodeId node, int lines, CancellationToken cancellation)
    {
        try
        {
            return node == NodeMarks.Head
                ? await new HeadLaunch(site).ReadLogAsync(lines, cancellation).ConfigureAwait(false)
                : await site.Provider.ReadLogAsync(node, lines, cancellation).ConfigureAwait(false);
        }
        catch (ProviderException failure)
        {
            throw new LaunchException(ExitCodes.Failure, failure.Message);
        }
    }
}
