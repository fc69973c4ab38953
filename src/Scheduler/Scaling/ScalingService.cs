using System.Globalization;
using Weft.Grpc;
using Weft.Protocol.V1;
using Weft.Scheduler.Core;

namespace Weft.Scheduler;

/// <summary>
/// Stands between those who say how large the cluster is to be and the autoscaler, which comes to ask: so nobody but it has to reach the systems that nodes are from. All of this is in memory: the autoscaler
/// tells a new scheduler what it knows. Its fields belong to the loop's turns.
/// </summary>
internal sealed class ScalingService(SchedulerLoop loop, TimeProvider time)
{
    /// <summary>An autoscaler that has not been heard for so long is taken to be dead. It says nothing while its provider lists the nodes, which may take 2 minutes.</summary>
    private static readonly TimeSpan SilenceMax = TimeSpan.FromMinutes(3);

    /// <summary>For the autoscaler to say that it follows a size. It comes once a second, or is just being started again.</summary>
    private static readonly TimeSpan FollowingPatience = TimeSpan.FromSeconds(20);

    private readonly long _startedAt = time.GetTimestamp();
    private NodesReport? _report;
    private long _reportedAt;
    private ScaleTarget? _target;
    private ulong _targets;
    private TaskCompletionSource _followed = NewFollowed();
    private long _busyAt = time.GetTimestamp();
    private long _completed;

    public Task<ScalingDemand> ReportAsync(NodesReport report, ServerCallContext context) => loop.AskAsync(state =>
    {
        (_report, _reportedAt) = (report, time.GetTimestamp());
        if (_target is not null && _target.Equals(report.Target))
        {
            _followed.TrySetResult();
        }

        return Read(state);
    });

    /// <summary>Completes when the autoscaler follows this size, or one that was set after it: what was only heard here would end with this process.</summary>
    public async Task<TargetNoted> SetTargetAsync(ScaleTarget target, ServerCallContext context)
    {
        var followed = await loop.AskAsync(_ =>
        {
            Check(target);
            target.Version = ++_targets;
            _target = target;
            if (_followed.Task.IsCompleted)
            {
                _followed = NewFollowed();
            }

            return _followed.Task;
        }).ConfigureAwait(false);
        try
        {
            await followed.WaitAsync(FollowingPatience, time, context.CancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, $"The autoscaler has not been heard for {FollowingPatience.TotalSeconds:0} s; it follows the new size when it comes back, unless the scheduler ends before."));
        }

        return new TargetNoted();
    }

    /// <summary>Adds what the autoscaler said last. In a turn of the loop.</summary>
    public void Tell(ClusterInfo info)
    {
        if (_report is not null)
        {
            info.Nodes = _report;
            info.NodesAgeMs = (ulong)time.GetElapsedTime(_reportedAt).TotalMilliseconds;
        }
    }

    private static TaskCompletionSource NewFollowed() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Check(ScaleTarget target)
    {
        if (_report is null || time.GetElapsedTime(_reportedAt) > SilenceMax)
        {
            var why = _report is null
                ? string.Create(CultureInfo.InvariantCulture, $"none has been heard since the scheduler was started {time.GetElapsedTime(_startedAt).TotalSeconds:0} s ago: it was not started by 'weft up', or its autoscaler is not back yet")
                : $"the one it had has not been heard for {SilenceMax.TotalMinutes:0} minutes";
            throw new RpcException(new Status(StatusCode.FailedPrecondition, $"This cluster has no autoscaler that could get or end nodes: {why}."));
        }

        foreach (var (bound, name) in new[] { (target.Minimum, "minimum"), (target.Maximum, "maximum") })
        {
            if (bound > _report.WorkersMax)
            {
                throw new RpcException(new Status(StatusCode.OutOfRange, $"The {name} of {bound} nodes is more than the cluster may have: max_workers is {_report.WorkersMax}."));
            }
        }

        if (target is { HasMinimum: true, HasMaximum: true } && target.Minimum > target.Maximum)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, $"The minimum of {target.Minimum} nodes is more than the maximum of {target.Maximum}."));
        }
    }

    private ScalingDemand Read(SchedulerLoop state)
    {
        var now = time.GetTimestamp();
        if (!state.Core.IsIdle || state.Clients.Count > 0 || state.Core.Completed != _completed)
        {
            (_busyAt, _completed) = (now, state.Core.Completed);
        }

        var demand = new ScalingDemand
        {
            Clients = (uint)state.Clients.Count,
            IdleMs = (ulong)time.GetElapsedTime(_busyAt, now).TotalMilliseconds,
            Target = _target,
            Recovering = state.Core.IsRecovering,
        };
        demand.Rows.AddRange(state.Core.Demand().Select(ToMessage));
        demand.Workers.AddRange(WorkerInfoReader.Read(state));
        return demand;
    }

    private static DemandRow ToMessage(Demand demand)
    {
        var row = new DemandRow
        {
            Restricted = demand.IsRestricted,
            Tasks = (ulong)demand.Tasks,
            Running = (ulong)demand.Running,
            MeanNs = (ulong)demand.MeanNs,
        };
        row.Resources.AddRange(WorkerInfoReader.ToMessages(demand.Resources));
        return row;
    }
}
