namespace Weft.Launcher;

/// <summary>Keys of Ray's cluster files that mean nothing here, so that such a file loads and its writer knows what does not hold.</summary>
internal static class RayKeys
{
    private const string OwnStart = "the scheduler and the workers are started by weft itself";
    private const string Demand = "nodes follow from the tasks that wait, and from upscaling_speed";
    private const string PerType = "available_node_types says it for each type";

    public static readonly IReadOnlyList<ClusterKey> Root =
    [
        Ignored("head_start_ray_commands", OwnStart),
        Ignored("worker_start_ray_commands", OwnStart),
        Ignored("initial_workers", "the cluster begins with its min_workers"),
        Ignored("autoscaling_mode", Demand),
        Ignored("target_utilization_fraction", Demand),
        Ignored("head_node", PerType),
        Ignored("worker_nodes", PerType),
        Ignored("worker_default_node_type", PerType),
        Ignored("file_mounts_sync_continuously", "files are copied when a node starts, and to the head by weft up"),
        Ignored("metadata", "nothing reads it"),
        Ignored("no_restart", "weft up leaves what runs as it is"),
    ];

    public static readonly IReadOnlyList<ClusterKey> Provider =
    [
        Refused("coordinator_address", "there is no coordinator server: head_ip and worker_ips name the hosts."),
        Refused("external_head_ip", "the head is reached at head_ip: from outside of its network give auth.ssh_proxy_command."),
        Ignored("use_internal_ips", "hosts are reached at the addresses that are given"),
        Ignored("use_external_head_ip", "hosts are reached at the addresses that are given"),
        Ignored("cache_stopped_nodes", "a node that is no longer needed is ended"),
        Ignored("disable_node_updaters", "a node sets itself up"),
        Ignored("disable_launch_config_check", "a node sets itself up"),
        Ignored("foreground_node_launch", "nodes are launched all at once"),
        Ignored("worker_liveness_check", "the scheduler knows its workers by their connections"),
        Ignored("worker_rpc_drain", "workers always leave gracefully"),
        Ignored("max_failures", "a type that fails is tried again after growing pauses"),
        Ignored("max_launch_failures", "a type that fails is tried again after growing pauses"),
    ];

    private static ClusterKey Ignored(string name, string why) => new(name, KeyForm.Any, "") { Ignored = why };

    private static ClusterKey Refused(string name, string instead) => new(name, KeyForm.Any, "") { Refused = instead };
}
