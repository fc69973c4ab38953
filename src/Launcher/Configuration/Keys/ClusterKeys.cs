namespace Weft.Launcher;

/// <summary>The keys of a cluster file, in the order of the documentation.</summary>
internal static class ClusterKeys
{
    /// <summary>More is a slip.</summary>
    public const int WorkersMax = 100_000;

    public static readonly IReadOnlyList<ClusterKey> Root =
    [
        new("cluster_name", KeyForm.Text, "Names the cluster among all that the same person has: letters, digits, underscores and dashes, at most 40. A cluster of the same name is found again and reused.") { IsRequired = true },
        new("provider", KeyForm.Settings, "Where nodes come from; its keys depend on its type.") { IsRequired = true, Keys = ProviderKeys.All },
        new("max_workers", KeyForm.Count, "Worker nodes of all types together, at most.") { Max = WorkersMax, Default = "2; with hosts by SSH: as many as there are" },
        new("min_workers", KeyForm.Count, "Worker nodes at least, where there is no available_node_types.") { Max = WorkersMax, Default = "0; with hosts by SSH: max_workers" },
        new("available_node_types", KeyForm.Sections, "The kinds of nodes that the cluster may have, by name: letters, digits, dots, underscores and dashes.") { Default = "one type, worker", Keys = NodeTypeKeys.All },
        new("head_node_type", KeyForm.Text, "The node type whose node_config and resources the head has, where it is a job. No worker runs on the head: nodes of this type are workers only as far as it has max_workers."),
        new("head", KeyForm.Section, "Where and how the scheduler runs.") { Keys = HeadKeys.All },
        new("upscaling_speed", KeyForm.Number, "New nodes at a time, as a share of those that there are: 1 doubles. Above 0.") { Default = "1" },
        new("idle_timeout_minutes", KeyForm.Number, "A worker node that has had nothing to do for so many minutes goes, down to the minimum.") { Default = "5" },
        new("worker_timeout", KeyForm.Duration, "The same as a duration; it wins over idle_timeout_minutes.") { Default = "idle_timeout_minutes" },
        new("head_timeout", KeyForm.Duration, "The whole cluster ends after so long without a task and without a client.") { Default = "never" },
        new("max_price", KeyForm.Number, "The most that one node may cost in an hour, in the currency of the node types' prices. A type that costs more is not launched, and has no min_workers.") { Default = "no bound" },
        new("max_hourly_cost", KeyForm.Number, "The most that all worker nodes together may cost in an hour, those that wait too. At least what all min_workers cost.") { Default = "no bound" },
        new("auth", KeyForm.Section, "How hosts are logged in to.") { Keys = LoginKeys.All },
        new("docker", KeyForm.Section, "The container that workers run in, with their setup commands; an empty image means none.") { Default = "no container", Keys = DockerKeys.OfCluster },
        new("file_mounts", KeyForm.TextMap, "Files and folders that are copied to the head and to all nodes before anything runs there (with sge and slurm to the machine of weft up alone): from the path there (absolute, or with ~/) to the path here (relative to the cluster file's folder)."),
        new("cluster_synced_files", KeyForm.TextList, "Paths on the head (absolute, or with ~/) that are copied from there to new nodes (not with sge and slurm)."),
        new("rsync_exclude", KeyForm.TextList, "Patterns of what is not copied, as rsync --exclude takes them."),
        new("rsync_filter", KeyForm.TextList, "Names of files with such patterns, .gitignore for example, as rsync --filter 'dir-merge,- NAME' takes them."),
        new("initialization_commands", KeyForm.TextList, "Run on every node, the head too, first, and outside of a container.") { IsCommand = true },
        new("setup_commands", KeyForm.TextList, "Run on every node, the head too, in the container where there is one; a node type's own worker_setup_commands run in their place.") { IsCommand = true },
        new("head_setup_commands", KeyForm.TextList, "Run on the head after setup_commands.") { IsCommand = true },
        new("worker_setup_commands", KeyForm.TextList, "Run on worker nodes after setup_commands, unless their type has its own.") { IsCommand = true },
        new("env", KeyForm.TextMap, "The environment of all processes of the cluster. Values are taken as they are: nothing in them is expanded.") { IsCommand = true },
        new("tags", KeyForm.TextMap, "Labels for whoever pays or looks, put on nodes where the provider has labels."),
        new("creator", KeyForm.Text, "Who is named as the cluster's maker, for those who see what it costs: the tag creator."),
        new("weft_program", KeyForm.Text, "The weft program on the nodes: a name that the shell finds there, or a path (absolute, or with ~/).") { Default = "the provider finds or brings one" },
        new("scheduler_file", KeyForm.Text, "The file by which clients and workers find the scheduler, on the head: absolute, or with ~/.") { Default = "scheduler.json in the cluster's folder, ~/.weft/clusters/NAME" },
        new("journal", KeyForm.Text, "Where the scheduler keeps what survives its restart: auto (beside the scheduler file), off, or a folder on the head.") { Default = "auto" },
        new("storage", KeyForm.Text, "A folder on every node for what workers keep on disk (weft worker --local-directory): absolute, or with ~/.") { Default = "the system's temporary folder" },
        .. RayKeys.Root,
    ];
}
