using Weft.Protocol;
using V1 = Weft.Protocol.V1;

namespace Weft;

/// <summary>The cluster at a glance, at one moment.</summary>
public sealed record ClusterInfo
{
    /// <summary>The scheduler's id, new at each of its starts.</summary>
    public required string SchedulerId { get; init; }

    /// <summary>Where it listens.</summary>
    public required string Address { get; init; }

    /// <summary>Its status page; empty when it has none.</summary>
    public required string StatusUrl { get; init; }

    /// <summary>Its Weft.</summary>
    public required string WeftVersion { get; init; }

    /// <summary>How often the cluster's scheduler has been started.</summary>
    public required int Epoch { get; init; }

    /// <summary>When it was started last.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>The workers that are there.</summary>
    public required IReadOnlyList<ClusterWorkerInfo> Workers { get; init; }

    /// <summary>How many tasks there are, by phase: <c>waiting</c>, <c>ready</c>, <c>assigned</c>, <c>running</c>, <c>done</c>, <c>failed</c>.</summary>
    public required IReadOnlyDictionary<string, long> Tasks { get; init; }

    /// <summary>How many clients are connected.</summary>
    public required int Clients { get; init; }

    /// <summary>How many runs of tasks were completed since the scheduler's start.</summary>
    public required long Completed { get; init; }

    internal static ClusterInfo Of(V1.ClusterInfo message) => new()
    {
        SchedulerId = message.SchedulerId,
        Address = message.Address,
        StatusUrl = message.StatusUrl,
        WeftVersion = message.WeftVersion,
        Epoch = (int)message.Epoch,
        Started = DateTimeOffset.UnixEpoch.AddSeconds(message.Started),
        Workers = [.. message.Workers.Select(ClusterWorkerInfo.Of)],
        Tasks = message.Tasks.ToDictionary(entry => entry.Key, entry => (long)entry.Value),
        Clients = (int)message.Clients,
        Completed = (long)message.Completed,
    };
}

/// <summary>One worker, at one moment.</summary>
public sealed record ClusterWorkerInfo
{
    /// <summary>Its name, as <see cref="TaskOptions.AllowedWorkers"/> takes it.</summary>
    public required string Name { get; init; }

    /// <summary>The host it runs on.</summary>
    public required string Host { get; init; }

    /// <summary>Where it serves results.</summary>
    public required string Address { get; init; }

    /// <summary>Its process on that host.</summary>
    public required int ProcessId { get; init; }

    /// <summary>How many tasks it runs at a time.</summary>
    public required int Slots { get; init; }

    /// <summary>The memory it may use, in bytes; 0 when not known.</summary>
    public required long MemoryLimitBytes { get; init; }

    /// <summary>The memory its process uses, in bytes.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>The results it holds, in bytes.</summary>
    public required long StoreBytes { get; init; }

    /// <summary>How many tasks it has been given and has not ended.</summary>
    public required int Assigned { get; init; }

    /// <summary>How many of those run.</summary>
    public required int Running { get; init; }

    /// <summary>Whether its memory is near its limit: it begins no task until there is room again.</summary>
    public required bool IsPaused { get; init; }

    /// <summary>Its named resources, as in <c>GPU=2</c>.</summary>
    public required string Resources { get; init; }

    /// <summary>How long ago it was last heard of.</summary>
    public required TimeSpan LastSeen { get; init; }

    internal static ClusterWorkerInfo Of(V1.WorkerInfo message) => new()
    {
        Name = message.Name,
        Host = message.Host,
        Address = message.Address,
        ProcessId = (int)message.ProcessId,
        Slots = (int)message.Slots,
        MemoryLimitBytes = (long)message.MemoryLimitBytes,
        MemoryBytes = (long)message.MemoryBytes,
        StoreBytes = (long)message.StoreBytes,
        Assigned = (int)message.Assigned,
        Running = (int)message.Running,
        IsPaused = message.Paused,
        Resources = message.Resources.ToAmounts().ToString(),
        LastSeen = TimeSpan.FromMilliseconds(message.LastSeenMs),
    };
}
