using V1 = Weft.Protocol.V1;

namespace Weft.Worker;

/// <summary>What a heartbeat tells of the process.</summary>
internal sealed class HeartbeatSource
{
    private readonly RunAges _ages = new();
    private TimeSpan _cpu = Environment.CpuUsage.TotalTime;
    private long _cpuAt = Environment.TickCount64;

    public V1.Heartbeat Take(WorkerSession session)
    {
        var (queued, running) = session.Load();
        return new V1.Heartbeat
        {
            MemoryBytes = (ulong)Environment.WorkingSet,
            StoreBytes = (ulong)session.Store.Bytes,
            CpuMilli = CpuMilli(),
            Queued = (uint)Math.Min(queued, uint.MaxValue),
            Running = (uint)running,
            LongestRunningMs = (ulong)_ages.Look(session.Running(), Environment.TickCount64),
        };
    }

    private uint CpuMilli()
    {
        var (cpu, now) = (Environment.CpuUsage.TotalTime, Environment.TickCount64);
        var milli = now > _cpuAt ? (cpu - _cpu).TotalMilliseconds * 1000 / (now - _cpuAt) : 0;
        (_cpu, _cpuAt) = (cpu, now);
        return (uint)Math.Max(0, milli);
    }
}
