using Weft.Provisioning;
using Weft.Scheduler;

namespace Weft.Launcher;

/// <summary>A cluster file, checked and with all defaults in place. Immutable.</summary>
public sealed record ClusterConfiguration
{
    public required string ClusterName { get; init; }

    /// <summary>Who is named as its maker, for those who see what it costs; null: nobody.</summary>
    public string? Creator { get; init; }

    /// <summary><c>local</c>, <c>ssh</c>, <c>sge</c>, <c>slurm</c> or <c>external</c>.</summary>
    public required string ProviderType { get; init; }

    /// <summary>The assembly of an external provider: an absolute path, or a name beside the program.</summary>
    public string? ProviderModule { get; init; }

    public Settings Provider { get; init; } = Settings.None;

    public HeadConfiguration Head { get; init; } = new();

    /// <summary>In the order of the file.</summary>
    public required IReadOnlyList<NodeTypeConfiguration> NodeTypes { get; init; }

    /// <summary>Worker nodes of all types together.</summary>
    public required int WorkersMax { get; init; }

    /// <summary>New nodes at a time, as a share of those that there are: 1 doubles.</summary>
    public double UpscalingSpeed { get; init; } = 1;

    /// <summary>A worker node that has had nothing to do for so long goes, down to the minimum; <see cref="Timeout.InfiniteTimeSpan"/>: never.</summary>
    public TimeSpan WorkerTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The whole cluster ends after so long without a task and a client; <see cref="Timeout.InfiniteTimeSpan"/>: never.</summary>
    public TimeSpan HeadTimeout { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>The most that one node may cost in an hour; null: no bound. Types that cost more are not launched.</summary>
    public decimal? PriceMax { get; init; }

    /// <summary>The most that all worker nodes together may cost in an hour; null: no bound.</summary>
    public decimal? HourlyCostMax { get; init; }

    public ClusterLogin Login { get; init; } = new();

    /// <summary>What is copied to the head and to all nodes before anything runs there: from a path here to a path there.</summary>
    public IReadOnlyList<FileMount> FileMounts { get; init; } = [];

    /// <summary>Paths on the head that are copied from there to new nodes.</summary>
    public IReadOnlyList<string> ClusterSyncedFiles { get; init; } = [];

    /// <summary>Patterns as <c>rsync --exclude</c> takes them.</summary>
    public IReadOnlyList<string> RsyncExclude { get; init; } = [];

    /// <summary>Names of files with such patterns, as <c>rsync --filter 'dir-merge,- NAME'</c> takes them.</summary>
    public IReadOnlyList<string> RsyncFilter { get; init; } = [];

    /// <summary>Run outside of a container, first.</summary>
    public IReadOnlyList<string> InitializationCommands { get; init; } = [];

    /// <summary>Run on every node, the head too, but on none of a type with <see cref="NodeTypeConfiguration.WorkerSetupCommands"/> of its own.</summary>
    public IReadOnlyList<string> SetupCommands { get; init; } = [];

    public IReadOnlyList<string> HeadSetupCommands { get; init; } = [];

    public IReadOnlyList<string> WorkerSetupCommands { get; init; } = [];

    /// <summary>The environment of all processes of the cluster; sorted by name.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>With <see cref="Creator"/> as the tag <c>creator</c>.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>An absolute path on the head, or one that begins with <c>~/</c>; null: <c>scheduler.json</c> in the cluster's folder.</summary>
    public string? SchedulerFile { get; init; }

    /// <summary><c>auto</c>, <c>off</c> or a folder.</summary>
    public string Journal { get; init; } = JournalPlace.Auto;

    /// <summary>A folder on nodes for what workers keep on disk; null: the system's temporary one.</summary>
    public string? Storage { get; init; }

    /// <summary>The <c>weft</c> program on the nodes: a name that the shell finds, an absolute path, or one that begins with <c>~/</c>. Null: the provider finds or brings one.</summary>
    public string? Program { get; init; }

    /// <summary>What is told to the reader of the file and is no mistake: keys of others that mean nothing here, commands that were replaced. Each names its line.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
