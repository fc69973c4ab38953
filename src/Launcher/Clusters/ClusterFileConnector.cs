using Weft.Client;
using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>Finds running clusters for clients that are given a cluster file. Made by its name.</summary>
internal sealed class ClusterFileConnector : IClusterFileConnector
{
    public async Task<(string SchedulerFile, IAsyncDisposable Way)> OpenAsync(string clusterFile, CancellationToken cancellation)
    {
        try
        {
            var cluster = await Cluster.ConnectAsync(clusterFile, log: null, cancellation).ConfigureAwait(false);
            return (cluster.SchedulerFile, cluster);
        }
        catch (Exception failure) when (failure is LaunchException or ProviderException)
        {
            throw new SchedulerLostException(failure.Message, failure);
        }
    }
}
