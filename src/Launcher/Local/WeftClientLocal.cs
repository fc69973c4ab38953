namespace Weft;

/// <summary>What <see cref="WeftClient"/> can do where a cluster can be started in the same process.</summary>
public static class WeftClientLocal
{
    extension(WeftClient)
    {
        /// <summary>
        /// Starts a cluster within this process and connects to it: no set-up, no sockets. Disposing the client ends the cluster.
        /// Languages that do not see static extension members use <see cref="LocalCluster.StartAsync"/>.
        /// </summary>
        /// <param name="options">Null: one worker for each core.</param>
        /// <param name="cancellationToken">Cancels the start.</param>
        public static async Task<WeftClient> StartLocalAsync(LocalClusterOptions? options = null, CancellationToken cancellationToken = default)
        {
            var cluster = await LocalCluster.StartAsync(options, cancellationToken).ConfigureAwait(false);
            try
            {
                return await WeftClient.ConnectAsync(cluster.Connection with { Owner = cluster }, null, cancellationToken).ConfigureAwait(false);
            }
            catch
            {
                await cluster.DisposeAsync().ConfigureAwait(false);
                throw;
            }
        }
    }
}
