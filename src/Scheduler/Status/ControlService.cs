using Weft.Grpc;
using Weft.Primitives;
using Weft.Protocol;
using Weft.Protocol.V1;
using Weft.Scheduler.Core;

namespace Weft.Scheduler;

/// <summary>The cluster at a glance, for the command line, for clients and for the status page.</summary>
internal sealed class ControlService(SchedulerLoop loop, SchedulerIdentity identity, ScalingService scaling, Func<(string Address, string StatusUrl)> where)
{
    public Task<ClusterInfo> GetInfoAsync(InfoRequest request, ServerCallContext context) => GetInfoAsync();

    public Task<ClusterInfo> GetInfoAsync() => loop.AskAsync(Read);

    public Task<DeathNoted> ReportDeathAsync(WorkerDeath death, ServerCallContext context)
    {
        try
        {
            loop.Post(WorkerBatchReader.ReadDeath(death));
            return Task.FromResult(new DeathNoted());
        }
        catch (ProtocolException fault)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, fault.Message));
        }
    }

    public Task<DrainAnswer> DrainAsync(DrainRequest request, ServerCallContext context)
    {
        if (request.Workers.Count == 0)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, "No worker is named."));
        }

        return loop.AskAsync(state => Drain(state, request));
    }

    public async Task<RestartAnswer> RestartAsync(RestartRequest request, ServerCallContext context)
    {
        var workers = 0;
        var answer = await loop.RequestAsync(number =>
        {
            workers = loop.Core.StayingWorkers;
            return new RestartAsked(number);
        }).ConfigureAwait(false);
        return answer == RequestAnswer.Done
            ? new RestartAnswer { Workers = (uint)workers }
            : throw new RpcException(new Status(StatusCode.FailedPrecondition, "The scheduler was started a moment ago and still waits for the workers of before: restart the cluster when they are back."));
    }

    private static DrainAnswer Drain(SchedulerLoop state, DrainRequest request)
    {
        var called = request.Workers.Distinct().ToDictionary(static word => word, word => Called(state, word));
        var asked = called.Values.SelectMany(static peers => peers).Distinct().ToArray();
        state.Drain(new DrainAsked([.. asked.Select(static peer => peer.Id)], request.Reason.Length > 0 ? request.Reason : "it was asked to"));
        var answer = new DrainAnswer();
        answer.Workers.AddRange(asked.Select(peer => new DrainedWorker { Name = peer.Hello.Name, Refusal = state.Core.LoadOf(peer.Id).RefusedToLeave ?? "" }));
        answer.Unknown.AddRange(called.Where(static word => word.Value.Length == 0).Select(static word => word.Key));
        return answer;
    }

    /// <summary>By name or address; by host only where no worker is called so: a node's name may be that of another node's host.</summary>
    private static WorkerPeer[] Called(SchedulerLoop state, string word)
    {
        WorkerPeer[] called = [.. state.Workers.Values.Where(peer => peer.Hello.Name == word || peer.Hello.Address == word)];
        return called.Length > 0 ? called : [.. state.Workers.Values.Where(peer => peer.Hello.Host == word)];
    }

    private ClusterInfo Read(SchedulerLoop state)
    {
        var (address, statusUrl) = where();
        var info = new ClusterInfo
        {
            SchedulerId = identity.Id,
            Address = address,
            StatusUrl = statusUrl,
            WeftVersion = identity.Version,
            ProtocolMajor = Limits.ProtocolMajor,
            Epoch = identity.Epoch,
            Started = identity.Started.ToUnixTimeMilliseconds() / 1000.0,
            Clients = (uint)state.Clients.Count,
            Completed = (ulong)state.Core.Completed,
            Recovering = state.Core.IsRecovering,
            Journal = state.JournalText,
            DataBytes = (ulong)state.Core.ClientBytes,
            DataBytesMax = (ulong)state.Core.ClientBytesMax,
        };
        foreach (var phase in Enum.GetValues<TaskPhase>())
        {
            info.Tasks[phase.ToString().ToLowerInvariant()] = (ulong)state.Core.CountOf(phase);
        }

        info.Workers.AddRange(WorkerInfoReader.Read(state));
        scaling.Tell(info);
        return info;
    }
}
