namespace Weft;

/// <summary>What the launcher adds to <see cref="WeftClient"/>.</summary>
public static class LocalClientExtensions
{
    extension(WeftClient)
    {
        /// <summary>Starts a cluster inside this process and connects to it. Disposing the client ends the cluster too.</summary>
        /// <param name="options">Null: one worker for each core.</param>
        /// <param name="clientOptions">Null: the defaults.</param>
        /// <param name="cancellationToken">Cancels the start.</param>
        /// <remarks>From languages that do not see static extension members: <see cref="LocalCluster.StartAsync"/> and <see cref="LocalCluster.ConnectAsync"/>.</remarks>
        public static async Task<WeftClient> StartLocalAsync(
            LocalClusterOptions? options = null, WeftClientOptions? clientOptions = null, CancellationToken cancellationToken = default)
        {
            var cluster = await LocalCluster.StartAsync(options, cancellationToken).ConfigureAwait(false);
            try
            {
                return await WeftClient.ConnectAsync(cluster.Connection with { Owner = cluster }, clientOptions, cancellationToken).ConfigureAwait(false);
            }
            catch
            {
                await cluster.DisposeAsync().ConfigureAwait(false);
                throw;
            }
        }
    }
}
