using Weft.Client;
using Weft.Protocol;
using V1 = Weft.Protocol.V1;

namespace Weft;

public sealed partial class WeftClient
{
    /// <summary>
    /// Has several workers hold each of these results, so that tasks find them where they run and a worker may go without anything being made again. They keep so many
    /// holders until they are released. Results that are small enough to travel with the tasks (4 KiB) are the scheduler's and stay there.
    /// </summary>
    /// <param name="futures">Futures of this client; those that have not ended are waited for.</param>
    /// <param name="copies">How many workers are to hold each, 1 or more; null: all of them, and those that join later.</param>
    /// <param name="cancellationToken">Ends the waiting; the copies are made all the same.</param>
    /// <returns>Completes when each has so many holders, or as many as there are workers with room for it.</returns>
    /// <exception cref="ArgumentException">There is no future, or one was submitted with another client.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="copies"/> is less than 1.</exception>
    /// <exception cref="InvalidOperationException">One of the futures was let go of, or 256 requests for copies are waited for on the cluster.</exception>
    /// <exception cref="SchedulerLostException">The scheduler cannot be reached, or the futures' session is gone.</exception>
    /// <remarks>A future that failed throws what awaiting it would.</remarks>
    public async Task ReplicateAsync(IEnumerable<Future> futures, int? copies = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(copies ?? 1, 1, nameof(copies));
        var kept = Keep(futures);
        var request = new V1.ReplicateRequest { Holders = (uint)(copies ?? int.MaxValue) };
        request.Runs.Add(await RunsOfAsync(kept, cancellationToken).ConfigureAwait(false));
        await AskAsync("", WeftServices.ControlReplicate, request, cancellationToken).ConfigureAwait(false);
        GC.KeepAlive(kept);
    }

    /// <summary>Moves results of any client between workers, until each holds about as many bytes as the others.</summary>
    /// <param name="cancellationToken">Ends the waiting; the results are moved all the same.</param>
    /// <returns>Completes when they have been moved. A result that a task is about to read where it was is copied, and stays there too.</returns>
    /// <exception cref="InvalidOperationException">256 requests for copies are waited for on the cluster.</exception>
    /// <exception cref="SchedulerLostException">The scheduler cannot be reached.</exception>
    public async Task RebalanceAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        await AskAsync("", WeftServices.ControlRebalance, new V1.RebalanceRequest { All = true }, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc cref="RebalanceAsync(CancellationToken)"/>
    /// <summary>Moves these results between workers, until each worker holds about as many bytes as the others, or these cannot do more for it.</summary>
    /// <param name="futures">Futures of this client; those that have not ended are waited for.</param>
    /// <param name="cancellationToken">Ends the waiting; the results are moved all the same.</param>
    /// <exception cref="ArgumentException">There is no future, or one was submitted with another client.</exception>
    public async Task RebalanceAsync(IEnumerable<Future> futures, CancellationToken cancellationToken = default)
    {
        var kept = Keep(futures);
        var request = new V1.RebalanceRequest();
        request.Runs.Add(await RunsOfAsync(kept, cancellationToken).ConfigureAwait(false));
        await AskAsync("", WeftServices.ControlRebalance, request, cancellationToken).ConfigureAwait(false);
        GC.KeepAlive(kept);
    }

    private IReadOnlyCollection<Future> Keep(IEnumerable<Future> futures)
    {
        ArgumentNullException.ThrowIfNull(futures);
        ThrowIfDisposed();
        var kept = futures as IReadOnlyCollection<Future> ?? [.. futures];
        return kept.Count is > 0 and <= Limits.RequestTasksMax
            ? kept
            : throw new ArgumentException($"{kept.Count} futures; allowed are 1 to {Limits.RequestTasksMax}.", nameof(futures));
    }

    private async Task<IEnumerable<V1.Run>> RunsOfAsync(IReadOnlyCollection<Future> futures, CancellationToken cancellationToken)
    {
        await WhenAll(futures, cancellationToken).ConfigureAwait(false);
        return await KnownRunsAsync(futures, cancellationToken).ConfigureAwait(false);
    }
}
