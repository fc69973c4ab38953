using Weft.Grpc;
using Weft.Protocol;
using V1 = Weft.Protocol.V1;

namespace Weft.Launcher;

/// <summary>What may be done to a cluster from outside.</summary>
public static class ClusterControl
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Asks workers to go. Completes when the scheduler has answered, not when they have gone.</summary>
    /// <param name="schedulerFile">The cluster's scheduler file.</param>
    /// <param name="workers">Names, addresses or hosts.</param>
    /// <param name="reason">For people.</param>
    /// <param name="cancellation">Gives up waiting for the answer; the workers may be going all the same.</param>
    /// <exception cref="LaunchException">There is no scheduler, or it refuses us; the exit code says which.</exception>
    public static async Task<V1.DrainAnswer> DrainAsync(string schedulerFile, IEnumerable<string> workers, string reason, CancellationToken cancellation)
    {
        var reading = SchedulerFileReader.Read(schedulerFile);
        if (!reading.IsRead)
        {
            throw new LaunchException(ExitCodes.NotReachable, reading.Message);
        }

        var request = new V1.DrainRequest { Reason = reason };
        request.Workers.AddRange(workers);
        using var channel = ClusterChannel.Open(reading.File.Endpoint);
        try
        {
            using var call = channel.AsyncUnaryCall(WeftServices.ControlDrain, new CallOptions(Deadline: DateTime.UtcNow + Patience, CancellationToken: cancellation), request);
            return await call.ResponseAsync.ConfigureAwait(false);
        }
        catch (RpcException failure)
        {
            cancellation.ThrowIfCancellationRequested();
            var code = failure.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded ? ExitCodes.NotReachable : ExitCodes.Refused;
            throw new LaunchException(code, $"{reading.File.Address}: {failure.Status.Detail.ReplaceLineEndings(" ").Trim()}");
        }
    }
}
