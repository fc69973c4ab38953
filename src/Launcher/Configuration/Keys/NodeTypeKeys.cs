namespace Weft.Launcher;

/// <summary>The keys of one entry of <c>available_node_types</c>.</summary>
internal static class NodeTypeKeys
{
    public const string OnDemand = "on-demand";
    public const string Spot = "spot";
    public const string SpotWithFallback = "spot-with-fallback";

    public static readonly IReadOnlyList<ClusterKey> All =
    [
        new("min_workers", KeyForm.Count, "Nodes of this type that are always kept.") { Max = ClusterKeys.WorkersMax, Default = "0" },
        new("max_workers", KeyForm.Count, "Nodes of this type, at most.") { Max = ClusterKeys.WorkersMax, Default = "the cluster's max_workers; 0 for head_node_type" },
        new("resources", KeyForm.Amounts, "What a node offers. CPU: tasks at a time. memory: a size, shared by its processes. All else: what tasks may ask for by name (GPU: 2, licence: 0.5).") { Default = "CPU: 1; with hosts by SSH: the cores that are there" },
        new("node_config", KeyForm.Settings, "The provider's settings of such nodes; the keys depend on its type."),
        new("market", KeyForm.Text, "Whether nodes may be taken away, where the provider has the choice; the last: spot, and on-demand when there is none to be had.") { Allowed = [OnDemand, Spot, SpotWithFallback], Default = OnDemand },
        new("price", KeyForm.Number, "What one node costs in an hour.") { Default = "nothing that counts" },
        new("spot_price", KeyForm.Number, "What one spot node costs in an hour.") { Default = "price" },
        new("nworkers", KeyForm.Count, "Worker processes of a node, which share its slots, memory and named resources equally.") { Min = 1, Max = 4096, Default = "one for each slot; one alone where there are named resources" },
        new("worker_options", KeyForm.TextList, "More arguments of weft worker, each with its value: --lifetime 55m.") { IsCommand = true },
        new("initialization_commands", KeyForm.TextList, "In place of the cluster's.") { IsCommand = true },
        new("worker_setup_commands", KeyForm.TextList, "In place of the cluster's setup_commands and worker_setup_commands, also when it is empty.") { IsCommand = true },
        new("docker", KeyForm.Section, "What differs from the cluster's container.") { Keys = DockerKeys.OfNodeType },
        new("labels", KeyForm.Any, "") { Ignored = "tasks ask for named resources" },
    ];
}
