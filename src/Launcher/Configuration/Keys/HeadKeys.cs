namespace Weft.Launcher;

/// <summary>The keys of the section <c>head</c>.</summary>
internal static class HeadKeys
{
    public const string Process = "process";
    public const string Job = "job";
    public const string Loopback = "127.0.0.1";

    public static readonly IReadOnlyList<ClusterKey> All =
    [
        new("host", KeyForm.Text, "A name or address of the head to listen on; 0.0.0.0: all of them.") { Default = $"all of them; with provider.type local {Loopback}" },
        new("port", KeyForm.Count, "The scheduler's port; 0: any free one.") { Max = ushort.MaxValue, Default = "8786, or any free one when that is taken" },
        new("status_port", KeyForm.Count, "The status page's port; 0: any free one.") { Max = ushort.MaxValue, Default = "8787, or any free one when that is taken" },
        new("run_as", KeyForm.Text, "process: where weft up runs, or on head_ip with hosts by SSH. job: a node that the provider launches.") { Allowed = [Process, Job], Default = Process },
        new("node_config", KeyForm.Settings, "The provider's settings of the head's node, where it is a job; the keys are those of a node type's node_config."),
    ];
}
