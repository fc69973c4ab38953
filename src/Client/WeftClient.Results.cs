using System.Runtime.CompilerServices;
using Weft.Client;

namespace Weft;

public sealed partial class WeftClient
{
    /// <summary>Gathers the results of futures, in their order.</summary>
    /// <typeparam name="T">The type of each result.</typeparam>
    /// <param name="futures">Futures of this client; a <see cref="FutureList{T}"/> goes fastest.</param>
    /// <param name="cancellationToken">Ends the waiting; the tasks go on.</param>
    /// <returns>Completes when all results are here, or with the first failure: then it throws what awaiting that future would.</returns>
    public Task<T[]> GatherAsync<T>(IEnumerable<Future<T>> futures, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(futures);
        ThrowIfDisposed();
        var kept = futures as IReadOnlyCollection<Future<T>> ?? [.. futures];
        var operation = new GatherOperation<T>(Session, Decoder, kept.Count);
        return Inside(GatherAndKeepAsync());

        async Task<T[]> GatherAndKeepAsync()
        {
            var results = await operation.RunAsync(TaskSegment.Of(kept, this), cancellationToken).ConfigureAwait(false);
            GC.KeepAlive(kept);
            return results;
        }
    }

    /// <summary>The futures in the order in which they end, whether well or not. The rest stay as they are when the loop is left.</summary>
    /// <typeparam name="TFuture">The futures' type.</typeparam>
    /// <param name="futures">Futures of this client.</param>
    /// <param name="cancellationToken">Ends the waiting; the tasks go on.</param>
    public async IAsyncEnumerable<TFuture> WhenEach<TFuture>(IEnumerable<TFuture> futures, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        where TFuture : Future
    {
        ArgumentNullException.ThrowIfNull(futures);
        ThrowIfDisposed();
        var list = futures as IReadOnlyList<TFuture> ?? [.. futures];
        using var watch = new OutcomeWatch(Session, TaskSegment.Of(list, this));
        for (var left = list.Count; left > 0;)
        {
            var (first, count) = await Inside(watch.NextAsync(cancellationToken).AsTask()).ConfigureAwait(false);
            for (var index = first; index < first + count; index++)
            {
                yield return list[index];
            }

            left -= count;
        }
    }

    /// <summary>The first of the futures to end, whether well or not.</summary>
    /// <typeparam name="TFuture">The futures' type.</typeparam>
    /// <param name="futures">At least one future, all of this client.</param>
    /// <param name="cancellationToken">Ends the waiting; the tasks go on.</param>
    public async Task<TFuture> WhenAny<TFuture>(IEnumerable<TFuture> futures, CancellationToken cancellationToken = default)
        where TFuture : Future
    {
        await foreach (var future in WhenEach(futures, cancellationToken).ConfigureAwait(false))
        {
            return future;
        }

        throw new ArgumentException("There is no future in the sequence.", nameof(futures));
    }

    /// <summary>Completes when all futures have ended well, without fetching their results; or with the first failure, once all have ended.</summary>
    /// <param name="futures">Futures of this client.</param>
    /// <param name="cancellationToken">Ends the waiting; the tasks go on.</param>
    public async Task WhenAll(IEnumerable<Future> futures, CancellationToken cancellationToken = default)
    {
        Exception? failure = null;
        await foreach (var future in WhenEach(futures, cancellationToken).ConfigureAwait(false))
        {
            failure ??= future.Status == FutureStatus.Finished ? null : future.Exception;
        }

        if (failure is not null)
        {
            throw failure;
        }
    }

    /// <summary>
    /// Asks that tasks be cancelled: those that have not begun never will; those that run have their <see cref="CancellationToken"/> cancelled. Their
    /// dependents are cancelled with them.
    /// </summary>
    /// <param name="futures">Futures of this client.</param>
    /// <param name="cancellationToken">Ends the waiting, not the request.</param>
    /// <returns>Completes when all have ended, cancelled or not.</returns>
    public async Task CancelAsync(IEnumerable<Future> futures, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(futures);
        ThrowIfDisposed();
        var list = futures as IReadOnlyList<Future> ?? [.. futures];
        foreach (var (hold, tasks, _) in TaskSegment.Of(list, this))
        {
            Session.Cancel(hold.Generation, tasks);
        }

        await foreach (var _ in WhenEach(list, cancellationToken).ConfigureAwait(false))
        {
            // Only the end of all is of interest.
        }
    }

    /// <summary>Runs a function once on every worker that is there now.</summary>
    /// <typeparam name="T">The type of each result.</typeparam>
    /// <param name="function">The function.</param>
    /// <param name="cancellationToken">Cancels the tasks.</param>
    /// <returns>The results by worker name. Completes when all have run, or with the first failure.</returns>
    public async Task<IReadOnlyDictionary<string, T>> RunOnWorkersAsync<T>(Func<T> function, CancellationToken cancellationToken = default)
    {
        var info = await GetInfoAsync(cancellationToken).ConfigureAwait(false);
        var futures = info.Workers.ToDictionary(
            worker => worker.Name,
            worker => Submit(function, new TaskOptions { AllowedWorkers = [worker.Name], Priority = int.MaxValue, Cancellation = cancellationToken }));
        var results = new Dictionary<string, T>();
        foreach (var (worker, future) in futures)
        {
            results.Add(worker, await future);
        }

        return results;
    }

    private static Task<T> Inside<T>(Task<T> waitedFor) =>
        waitedFor.IsCompleted || TaskContext.Current is not { } context ? waitedFor : context.WaitInsideAsync(waitedFor);
}
