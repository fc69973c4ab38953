using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>What is known of a cluster's nodes while some hosts are silent.</summary>
/// <param name="Nodes">Those on the hosts that answer.</param>
/// <param name="Silent">The other hosts: what is on them is not known.</param>
internal sealed record AnsweringNodes(IReadOnlyList<ClusterNode> Nodes, IReadOnlyList<SilentHost> Silent);

internal static class AnsweringNodesExtensions
{
    /// <summary>What can be known now; of a provider without hosts of its own that is all or nothing.</summary>
    public static async Task<AnsweringNodes> ListAnsweringAsync(this IClusterProvider provider, CancellationToken cancellation) =>
        provider is IHostsProvider hosts
            ? await hosts.ListAnsweringAsync(cancellation).ConfigureAwait(false)
            : new AnsweringNodes(await provider.ListAsync(cancellation).ConfigureAwait(false), []);
}
