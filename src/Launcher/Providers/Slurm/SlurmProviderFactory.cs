using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>Nodes from Slurm: by the programs <c>sbatch</c>, <c>squeue</c>, <c>scancel</c>, <c>scontrol</c>. Accounting is not needed.</summary>
internal sealed class SlurmProviderFactory : IClusterProviderFactory
{
    /// <summary>May be said for all nodes, and for a node type otherwise. Where Slurm has an option of that name, it means the same.</summary>
    private static readonly IReadOnlyList<SettingKey> JobKeys =
    [
        new("partition", SettingKind.Text, "Partition, or several with commas. Default: Slurm's."),
        new("account", SettingKind.Text, "Account that pays. Default: the user's."),
        new("qos", SettingKind.Text, "Quality of service. Default: the user's."),
        new("constraint", SettingKind.Text, "Features that a host must have: avx512&bigmem."),
        new("reservation", SettingKind.Text, "Reservation to use."),
        new("nodelist", SettingKind.Text, "Hosts to use."),
        new("exclude", SettingKind.Text, "Hosts not to use."),
        new("gres", SettingKind.Text, "Generic resources of a node: gpu:1."),
        new("time", SettingKind.Duration, "Run time after which Slurm ends a node; whole minutes, rounded up. Default: the partition's."),
        new("cpus_per_task", SettingKind.Count, "CPUs of a node. Default: those of its resources."),
        new("mem", SettingKind.Size, "Memory of a node. Default: that of its resources, if it has any."),
        new("mem_per_cpu", SettingKind.Size, "Memory for each CPU, in place of mem."),
        new("prologue", SettingKind.TextList, "Shell commands before a node begins: module load dotnet. One that fails ends the node."),
        new("epilogue", SettingKind.TextList, "Shell commands after a node has ended, however it did. Not after a kill."),
        new("submit_options", SettingKind.TextList, "Further options of sbatch, as they are typed: --export=NONE."),
    ];

    /// <summary>
    /// <c>sbatch</c> hands its environment on, and Slurm sets these only in a job that asks for memory. Of a job that this process runs in they would say how much memory the nodes have.
    /// </summary>
    internal static RunProgram Run { get; } = ExternalCommand.Without(["SLURM_MEM_PER_NODE", "SLURM_MEM_PER_CPU", "SLURM_MEM_PER_GPU", .. OuterMarks.Variables]);

    public IReadOnlyList<SettingKey> ProviderKeys { get; } =
    [
        .. JobKeys,
        new(QueueLogs.Key, SettingKind.Text, "Folder on a volume that all nodes share, for what nodes print: absolute, or with ~/, without $ and %. Default: logs in the cluster's folder."),
    ];

    public IReadOnlyList<SettingKey> NodeKeys => JobKeys;

    public IReadOnlyList<SettingProblem> Check(ClusterLogin login, Settings provider) => QueueLogs.Problems(provider, '$', '%');

    public IClusterProvider Create(ClusterSettings settings) => new QueueProvider(new SlurmQueue(settings, Run));
}
