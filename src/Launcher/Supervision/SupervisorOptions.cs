using System.Diagnostics;
using Weft.Protocol;

namespace Weft.Launcher;

/// <summary>What a <see cref="WorkerSupervisor"/> keeps alive.</summary>
public sealed record SupervisorOptions
{
    /// <summary>A worker leaves in two minutes at most: a spot instance gets no more.</summary>
    public static readonly TimeSpan DefaultStopLimit = TimeSpan.FromSeconds(120);

    /// <summary>How many worker processes.</summary>
    public required int Count { get; init; }

    /// <summary>How to start the process in a place: called for each start anew.</summary>
    public required Func<WorkerPlace, ProcessStartInfo> Command { get; init; }

    /// <summary>Each start gets a folder in it, which is removed after its end.</summary>
    public required string Folder { get; init; }

    /// <summary>Tasks at a time in each process.</summary>
    public int Slots { get; init; } = 1;

    /// <summary>A process that holds nearly so much is ended, before the kernel ends any; 0: it is not looked at.</summary>
    public long MemoryLimitBytes { get; init; }

    /// <summary>A process whose control loop has not moved for so long is ended.</summary>
    public TimeSpan Lease { get; init; } = Limits.WorkerLease;

    /// <summary>Null: processes live as long as they can.</summary>
    public WorkerLifetime? Lifetime { get; init; }

    /// <summary>Told of processes that ended without a goodbye; another is started meanwhile.</summary>
    public Func<WorkerDeath, Task> ReportDeath { get; init; } = static _ => Task.CompletedTask;

    public HostView Host { get; init; } = HostView.Current;

    public RestartPolicy Policy { get; init; } = RestartPolicy.Default;

    /// <summary>How long worker processes may take to end when asked to; what is left then is ended.</summary>
    public TimeSpan StopLimit { get; init; } = DefaultStopLimit;

    /// <summary>Takes one line for people at a time.</summary>
    public required Action<string> Report { get; init; }
}
