using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>Nodes from Grid Engine, in any of its kinds: by the programs <c>qsub</c>, <c>qstat</c>, <c>qdel</c>.</summary>
internal sealed class GridEngineProviderFactory : IClusterProviderFactory
{
    /// <summary>May be said for all nodes, and for a node type otherwise.</summary>
    private static readonly IReadOnlyList<SettingKey> JobKeys =
    [
        new("queue", SettingKind.Text, "Queue, as qsub -q takes it. Default: Grid Engine's choice."),
        new("project", SettingKind.Text, "Project that pays, as qsub -P takes it. Default: the user's."),
        new("parallel_environment", SettingKind.Text, "Parallel environment that grants a node its slots. Needed when a node has more than one."),
        new("slots", SettingKind.Count, "Slots asked for a node. Default: its CPUs. With 1 no parallel environment is needed, whatever the node uses."),
        new("resources", SettingKind.TextList, "Further resources, each as qsub -l takes it: gpu=1."),
        new("walltime", SettingKind.Duration, "Run time after which Grid Engine ends a node, as -l h_rt. Default: the queue's."),
        new("memory", SettingKind.Size, "Memory of each slot, asked for as memory_resource. Default: not asked for, or the node's in equal shares when memory_resource is set."),
        new("memory_resource", SettingKind.Text, "Resource by which memory is asked for. Default: h_vmem, a limit of the address space, of which .NET uses half."),
        new("prologue", SettingKind.TextList, "Shell commands before a node begins: module load dotnet. One that fails ends the node."),
        new("epilogue", SettingKind.TextList, "Shell commands after a node has ended, however it did. Not after a kill."),
        new("submit_options", SettingKind.TextList, "Further options of qsub, as they are typed: -R y."),
        new("notify", SettingKind.Flag, "Tell a node before it is ended, as long before as the queue's notify says, so that its workers leave in order. Default: true."),
    ];

    /// <summary><c>qsub</c> hands its environment on where it is told to, by <c>-V</c> in the site's defaults or in <c>submit_options</c>.</summary>
    internal static RunProgram Run { get; } = ExternalCommand.Without(OuterMarks.Variables);

    public IReadOnlyList<SettingKey> ProviderKeys { get; } =
    [
        .. JobKeys,
        new(QueueLogs.Key, SettingKind.Text, "Folder on a volume that all nodes share, for what nodes print: absolute, or with ~/, without $, %, : and commas. Default: logs in the cluster's folder."),
    ];

    public IReadOnlyList<SettingKey> NodeKeys => JobKeys;

    /// <summary><c>qsub -o</c> takes several paths, with commas between them, each for a host that stands before a colon.</summary>
    public IReadOnlyList<SettingProblem> Check(ClusterLogin login, Settings provider) => QueueLogs.Problems(provider, '$', '%', ':', ',');

    public IClusterProvider Create(ClusterSettings settings) => new QueueProvider(new GridEngineQueue(settings, Run));
}
