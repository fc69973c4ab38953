using Weft.Client;
using Weft.Grpc;
using Weft.Protocol;
using V1 = Weft.Protocol.V1;

namespace Weft;

public sealed partial class WeftClient
{
    private static readonly TimeSpan RestartPoll = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// Restarts all workers; cancels and forgets all tasks, of all clients of the cluster, with the names of published results. Tasks that run are ended
    /// with their worker processes, whether they listen or not. Clients stay connected and can submit again at once.
    /// </summary>
    /// <remarks>
    /// Futures that were pending or had a result are cancelled: awaiting them throws <see cref="FutureCancelledException"/>, and they cannot be retried. Those
    /// that had failed keep their error, and a result that has come to this program stays with its future. Their keys are free for new tasks, which
    /// letting go of the old futures does not touch. A worker without a supervisor, as in a <c>LocalCluster</c>, cancels what it runs and begins anew in
    /// its process: a task there that does not listen keeps its thread until it returns.
    /// </remarks>
    /// <param name="timeout">How long to wait in all. Null: four times <see cref="WeftClientOptions.ConnectTimeout"/>, which is two minutes by default, as in Dask.</param>
    /// <param name="cancellationToken">Ends the waiting; the cluster may be restarted all the same.</param>
    /// <returns>Completes when as many workers as before are back, and this client's futures are cancelled.</returns>
    /// <exception cref="TimeoutException">Not as many workers as before came back in time; the message says how many.</exception>
    /// <exception cref="InvalidOperationException">The scheduler was started a moment ago and still waits for workers of before.</exception>
    /// <exception cref="SchedulerLostException">The scheduler cannot be reached; the cluster may be restarted or not.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The timeout is not positive, or longer than 49 days.</exception>
    public async Task RestartAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        var patience = timeout ?? 4 * Options.ConnectTimeout;
        if (patience <= TimeSpan.Zero || patience.TotalMilliseconds >= uint.MaxValue - 1)
        {
            throw new ArgumentOutOfRangeException(nameof(timeout), patience, "The timeout must be positive, and at most 49 days.");
        }

        int? restarted = null;
        var back = 0;
        using var over = new CancellationTokenSource(patience, Options.Time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, over.Token);
        try
        {
            var (generation, submitted) = await Session.WaitUntilAllKnownAsync(ended.Token).ConfigureAwait(false);
            restarted = await RestartOnceAsync(ended.Token).ConfigureAwait(false);
            while (true)
            {
                var info = await _calls.CallAsync(WeftServices.ControlGetInfo, new V1.InfoRequest(), ended.Token).ConfigureAwait(false);
                back = info.Workers.Count(static worker => worker.Leaving.Length == 0);
                if (back >= restarted && Session.HasForgotten(generation, submitted))
                {
                    return;
                }

                await Task.Delay(RestartPoll, Options.Time, ended.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException(restarted is null
                ? $"The scheduler did not answer within {patience.TotalSeconds:0.#} s; the cluster may be restarted or not."
                : $"The cluster is restarted, and of {restarted} workers {back} have come back within {patience.TotalSeconds:0.#} s.");
        }
    }

    /// <summary>Asked once: after an answer that was lost, another restart would cancel what was submitted meanwhile.</summary>
    /// <returns>How many workers are to come back.</returns>
    private async Task<int> RestartOnceAsync(CancellationToken cancellationToken)
    {
        try
        {
            var scheduler = await _source.FindAsync(cancellationToken).ConfigureAwait(false);
            return (int)(await scheduler.AsyncUnaryCall(WeftServices.ControlRestart, new CallOptions(CancellationToken: cancellationToken), new V1.RestartRequest()).ConfigureAwait(false)).Workers;
        }
        catch (RpcException failed)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw failed.StatusCode == StatusCode.FailedPrecondition
                ? new InvalidOperationException(failed.Status.Detail, failed)
                : new SchedulerLostException($"The scheduler did not answer, and the cluster may be restarted or not: {failed.Message}", failed);
        }
    }
}
