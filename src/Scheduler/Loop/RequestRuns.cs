using Google.Protobuf.Collections;
using Weft.Grpc;
using Weft.Primitives;
using Weft.Protocol;
using Weft.Protocol.V1;

namespace Weft.Scheduler;

/// <summary>The results that a request is about.</summary>
internal static class RequestRuns
{
    /// <exception cref="RpcException">There are none, or too many, or they are malformed.</exception>
    public static IReadOnlyList<TaskRun> Read(RepeatedField<Run> message)
    {
        try
        {
            var runs = RunReader.Read(message, "runs");
            var tasks = runs.Sum(static run => (long)run.Count);
            return tasks is > 0 and <= Limits.RequestTasksMax
                ? runs
                : throw Refused($"{tasks} results in one request; allowed are 1 to {Limits.RequestTasksMax}.");
        }
        catch (ProtocolException fault)
        {
            throw Refused(fault.Message);
        }
    }

    private static RpcException Refused(string why) => new(new Status(StatusCode.InvalidArgument, why));
}
