using Weft.Grpc;
using Weft.Protocol;
using Weft.Protocol.V1;
using Weft.Scheduler.Core;

namespace Weft.Scheduler;

/// <summary>Serves clients that want results to have more holders, or workers to hold about the same. Asking again means the same.</summary>
internal sealed class CopyService(SchedulerLoop loop)
{
    public async Task<CopiesMade> ReplicateAsync(ReplicateRequest request, ServerCallContext context)
    {
        var runs = RequestRuns.Read(request.Runs);
        var holders = (int)Math.Min(request.Holders, int.MaxValue);
        if (holders == 0)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, "0 holders; allowed is 1 and more."));
        }

        return Answer(await loop.RequestAsync(number => new ReplicateAsked(number, runs, holders)).ConfigureAwait(false));
    }

    public async Task<CopiesMade> RebalanceAsync(RebalanceRequest request, ServerCallContext context)
    {
        var runs = request.All ? null : RequestRuns.Read(request.Runs);
        return Answer(await loop.RequestAsync(number => new RebalanceAsked(number, runs)).ConfigureAwait(false));
    }

    private static CopiesMade Answer(RequestAnswer answer) => answer switch
    {
        RequestAnswer.Done => new CopiesMade(),
        RequestAnswer.TooManyRequests => throw new RpcException(new Status(
            StatusCode.ResourceExhausted, "As many requests for copies are waited for as may be; ask again when some have been answered.")),
        _ => throw new RpcException(new Status(StatusCode.FailedPrecondition, "One of the results is not known: it was released, or its session is gone.")),
    };
}
