using Google.Protobuf;
using Weft.Grpc;

namespace Weft.Client;

/// <summary>
/// Calls to the scheduler that do not go over the session's stream. A scheduler that cannot be reached is looked for and asked again, for as long as a
/// session would be held; so each of these calls must mean the same when it is made twice.
/// </summary>
internal sealed class SchedulerCalls(ISchedulerSource source, WeftClientOptions options, CancellationToken closing)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(200);

    /// <exception cref="RpcException">The scheduler refused; its status says why.</exception>
    /// <exception cref="SchedulerLostException">None could be reached in time.</exception>
    public async Task<TResponse> CallAsync<TRequest, TResponse>(Method<TRequest, TResponse> method, TRequest request, CancellationToken cancellationToken)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, closing);
        var began = options.Time.GetTimestamp();
        while (true)
        {
            string problem;
            try
            {
                var scheduler = await source.FindAsync(ended.Token).ConfigureAwait(false);
                return await scheduler.AsyncUnaryCall(method, new CallOptions(CancellationToken: ended.Token), request).ConfigureAwait(false);
            }
            catch (RpcException failed) when (IsUnreachable(failed.StatusCode) && !ended.IsCancellationRequested)
            {
                problem = failed.Status.Detail;
            }
            catch (SchedulerLostException lost)
            {
                problem = lost.Message;
            }
            catch (RpcException) when (cancellationToken.IsCancellationRequested)
            {
                throw new OperationCanceledException(cancellationToken);
            }

            if (options.Time.GetElapsedTime(began) > options.ReconnectTimeout)
            {
                throw new SchedulerLostException($"The scheduler could not be reached for {options.ReconnectTimeout.TotalSeconds:0.#} s. {problem}");
            }

            await Task.Delay(RetryDelay, options.Time, ended.Token).ConfigureAwait(false);
        }
    }

    private static bool IsUnreachable(StatusCode code) => code is StatusCode.Unavailable or StatusCode.Cancelled or StatusCode.Aborted or StatusCode.DeadlineExceeded or StatusCode.Unauthenticated;
}
