using Google.Protobuf;
using Weft.Grpc;
using Weft.Protocol;

namespace Weft.Launcher;

/// <summary>One call to the scheduler that a file names.</summary>
internal static class SchedulerCall
{
    /// <summary>On a host that is busy with starting nodes a scheduler may take its time.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <exception cref="LaunchException">There is no scheduler, it refuses us, or the request; the exit code says which.</exception>
    public static async Task<TAnswer> MakeAsync<TRequest, TAnswer>(string schedulerFile, Method<TRequest, TAnswer> method, TRequest request, CancellationToken cancellation)
        where TRequest : class, IMessage<TRequest>
        where TAnswer : class, IMessage<TAnswer>
    {
        var reading = SchedulerFileReader.Read(schedulerFile);
        if (!reading.IsRead)
        {
            throw new LaunchException(ExitCodes.NotReachable, reading.Message);
        }

        using var channel = ClusterChannel.Open(reading.File.Endpoint);
        try
        {
            using var call = channel.AsyncUnaryCall(method, new CallOptions(Deadline: DateTime.UtcNow + Patience, CancellationToken: cancellation), request);
            return await call.ResponseAsync.ConfigureAwait(false);
        }
        catch (RpcException failure)
        {
            cancellation.ThrowIfCancellationRequested();
            var said = failure.Status.Detail.ReplaceLineEndings(" ").Trim();
            throw failure.StatusCode switch
            {
                StatusCode.Unavailable or StatusCode.DeadlineExceeded => new LaunchException(ExitCodes.NotReachable, $"{reading.File.Address}: {said}"),
                StatusCode.OutOfRange or StatusCode.InvalidArgument => new LaunchException(ExitCodes.Usage, said),
                StatusCode.FailedPrecondition => new LaunchException(ExitCodes.Failure, said),
                _ => new LaunchException(ExitCodes.Refused, $"{reading.File.Address}: {said}"),
            };
        }
    }
}
