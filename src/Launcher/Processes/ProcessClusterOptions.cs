namespace Weft.Launcher;

/// <summary>How large a <see cref="ProcessCluster"/> is.</summary>
public sealed record ProcessClusterOptions
{
    public required int Workers { get; init; }

    public int SlotsPerWorker { get; init; } = 1;

    /// <summary>The scheduler file; null: one in a folder of the cluster's own.</summary>
    public string? SchedulerFile { get; init; }

    /// <summary>The <c>weft</c> program; null: the one that <see cref="WeftProgram"/> finds.</summary>
    public string? Program { get; init; }

    /// <summary>More arguments of <c>weft scheduler</c>.</summary>
    public IReadOnlyList<string> SchedulerArguments { get; init; } = [];

    /// <summary>More arguments of <c>weft worker</c>.</summary>
    public IReadOnlyList<string> WorkerArguments { get; init; } = [];

    /// <summary>How long the processes may take until all workers are known to the scheduler.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Takes what the processes write, line by line; null: of each only the last lines are kept, for the exception when it fails.</summary>
    public Action<string>? Log { get; init; }
}
