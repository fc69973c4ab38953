using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>A call of a provider, which may be somebody else's: it may throw anything, block, or never complete, also when its token is cancelled, and whoever calls goes on nevertheless.</summary>
internal static class ProviderCall
{
    /// <summary>For a call to put away what it has begun, programs that it runs above all, when this process ends.</summary>
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(2);

    /// <summary>Makes a call, and cancels it after the limit; whether it heeds that or not, nobody waits longer.</summary>
    /// <exception cref="ProviderException">It took longer than the limit. Whatever else it throws is passed on.</exception>
    /// <exception cref="OperationCanceledException">The caller has cancelled it; or the call's own, which is a failure like others.</exception>
    public static async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> call, TimeSpan limit, CancellationToken cancellation)
    {
        var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        ending.CancelAfter(limit);
        var token = ending.Token;

        // A thread of its own: it may block before it returns a task.
        var running = Task.Run(() => call(token), CancellationToken.None);
        _ = running.ContinueWith(
            ended =>
            {
                // What it throws when nobody waits any more is of no use.
                _ = ended.Exception;
                ending.Dispose();
            },
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        try
        {
            return await running.WaitAsync(token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await Task.WhenAny(running, Task.Delay(EndPatience, CancellationToken.None)).ConfigureAwait(false);
            throw;
        }
        catch (OperationCanceledException late) when (token.IsCancellationRequested)
        {
            throw new ProviderException(FailureKind.Transient, $"no answer within {limit.TotalMinutes:0.##} min", late);
        }
    }

    /// <summary>What is told of a failed call: a provider's own words, or what was thrown instead.</summary>
    public static string Words(Exception failure) => failure is ProviderException ? failure.Message : $"{failure.GetType().Name}: {failure.Message}";
}
