using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>The last that is asked of a provider. Whatever comes of it is a line: the cluster, or this autoscaler, ends regardless, since another would come to the same.</summary>
internal sealed class ProviderEnd(IClusterProvider provider, Action<string> log)
{
    /// <summary>For what was kept on other machines to be removed: a silent one among many takes a minute.</summary>
    public TimeSpan CleanUpLimit { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>For the provider to let go of connections and the like.</summary>
    public TimeSpan DisposeLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Has what was kept for the nodes removed.</summary>
    /// <exception cref="OperationCanceledException">The caller has cancelled it.</exception>
    public Task CleanUpAsync(CancellationToken cancellation) =>
        TryAsync(provider.CleanUpAsync, CleanUpLimit, "not all that was kept for the nodes is gone; 'weft down' tries again", cancellation);

    public Task DisposeAsync() => TryAsync(_ => provider.DisposeAsync().AsTask(), DisposeLimit, "the provider could not be put away", CancellationToken.None);

    private async Task TryAsync(Func<CancellationToken, Task> call, TimeSpan limit, string complaint, CancellationToken cancellation)
    {
        try
        {
            await ProviderCall.RunAsync(
                async ending =>
                {
                    await call(ending).ConfigureAwait(false);
                    return true;
                },
                limit, cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception failure)
        {
            // It may be somebody else's, and throw anything.
            log($"{complaint}: {ProviderCall.Words(failure)}");
        }
    }
}
