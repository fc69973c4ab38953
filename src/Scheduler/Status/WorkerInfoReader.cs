using Weft.Primitives;
using Weft.Protocol.V1;
using Weft.Scheduler.Core;

namespace Weft.Scheduler;

/// <summary>What is told of workers to those who ask from outside.</summary>
internal static class WorkerInfoReader
{
    public static IEnumerable<WorkerInfo> Read(SchedulerLoop state)
    {
        var now = Environment.TickCount64;
        return state.Workers.Values.Select(peer => Read(peer, state.Core.LoadOf(peer.Id), now));
    }

    private static WorkerInfo Read(WorkerPeer peer, WorkerLoad load, long nowMs)
    {
        var info = new WorkerInfo
        {
            Id = (uint)peer.Id.Value,
            Name = peer.Hello.Name,
            Host = peer.Hello.Host,
            Address = peer.Hello.Address,
            ProcessId = peer.Hello.ProcessId,
            Slots = peer.Hello.Slots,
            MemoryLimitBytes = peer.Hello.MemoryLimitBytes,
            MemoryBytes = peer.Heartbeat.MemoryBytes,
            StoreBytes = peer.Heartbeat.StoreBytes,
            Assigned = (uint)load.Assigned,
            Running = Math.Max((uint)load.Running, peer.Heartbeat.Running),
            Holding = (uint)load.Holding,
            LastSeenMs = (uint)Math.Max(0, nowMs - peer.LastHeardMs),
            Leaving = load.Leaving ?? "",
            RefusedToLeave = load.RefusedToLeave ?? "",
            Paused = load.IsPaused,
            WaitingInside = (uint)load.WaitingInside,
            ResultBytes = (ulong)load.StoredBytes,
            IdleMs = load.IdleSinceMs is { } since ? (ulong)Math.Max(1, nowMs - since) : 0,
            LongestRunningMs = load.Assigned > 0 ? peer.Heartbeat.LongestRunningMs : 0,
        };
        info.Resources.AddRange(peer.Hello.Resources);
        info.ResourcesInUse.AddRange(ToMessages(load.ResourcesInUse ?? ResourceAmounts.None));
        return info;
    }

    public static IEnumerable<Resource> ToMessages(ResourceAmounts resources) => resources.Milli.Select(static amount => new Resource { Name = amount.Key, Milli = (ulong)amount.Value });
}
