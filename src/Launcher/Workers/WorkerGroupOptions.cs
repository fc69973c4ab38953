using Weft.Primitives;
using Weft.Protocol;

namespace Weft.Launcher;

/// <summary>What <c>weft worker</c> was asked for: some worker processes on this host.</summary>
public sealed record WorkerGroupOptions
{
    /// <summary>As in Dask.</summary>
    public const double DefaultMemoryPause = 0.8;

    public required string SchedulerFile { get; init; }

    /// <summary>Where to speak to the scheduler, in place of what its file says.</summary>
    public ClusterAddress? SchedulerAddress { get; init; }

    /// <summary>Null: as many as were granted cores, by <see cref="Slots"/>.</summary>
    public int? Processes { get; init; }

    /// <summary>Tasks at a time in each process.</summary>
    public int Slots { get; init; } = 1;

    /// <summary><c>auto</c>, a size, or a fraction of what was granted; for each process.</summary>
    public string MemoryLimit { get; init; } = "auto";

    /// <summary>Of the memory limit: from it on a process begins no task until there is room again; null: it never pauses.</summary>
    public double? MemoryPause { get; init; } = DefaultMemoryPause;

    /// <summary>Null: the host's name, and what tells this job from others there.</summary>
    public string? Name { get; init; }

    public ResourceAmounts Resources { get; init; } = ResourceAmounts.None;

    /// <summary>For code and, later, spilled results; null: the system's folder for temporary files.</summary>
    public string? LocalDirectory { get; init; }

    /// <summary>A name or address of this host to listen on; null: all.</summary>
    public string? Host { get; init; }

    /// <summary>The network interface to listen on, by its name.</summary>
    public string? Interface { get; init; }

    public PortRange Port { get; init; } = PortRange.Any;

    /// <summary>What peers are told to connect to, <c>host</c> or <c>host:port</c>, where this host is behind a translator of addresses.</summary>
    public string? ContactAddress { get; init; }

    /// <summary>How long to wait for a scheduler; null: for ever, because a queue may start the workers first.</summary>
    public TimeSpan? DeathTimeout { get; init; }

    /// <summary>How long a worker process lives; null: as long as it can.</summary>
    public WorkerLifetime? Lifetime { get; init; }

    /// <summary>Where it is learnt that this host will be taken away.</summary>
    public PreemptionSource PreemptionSource { get; init; } = PreemptionSource.Off;

    /// <summary>A worker process whose control loop has not moved for so long is ended.</summary>
    public TimeSpan Lease { get; init; } = Limits.WorkerLease;

    /// <summary>Of one worker process, given by its supervisor: what it need not leave behind.</summary>
    public string? ProcessFolder { get; init; }

    /// <summary>How long an established worker tries to find its scheduler again.</summary>
    public TimeSpan ReconnectTimeout { get; init; } = TimeSpan.FromMinutes(10);
}
