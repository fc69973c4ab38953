namespace Weft.Launcher;

/// <summary>The keys of the sections <c>docker</c>: the cluster's, and a node type's.</summary>
internal static class DockerKeys
{
    private const string NothingDetected = "nothing is detected; run_options says what docker run is to be told";

    private static readonly ClusterKey[] FromElsewhere =
    [
        new("disable_automatic_runtime_detection", KeyForm.Any, "") { Ignored = NothingDetected },
        new("disable_shm_size_detection", KeyForm.Any, "") { Ignored = NothingDetected },
        new("pull", KeyForm.Any, "") { Ignored = "pull_before_run is the key" },
        new("use_podman", KeyForm.Flag, "") { Ignored = "the program that is run is docker", IsOnlyFalse = true },
    ];

    public static readonly IReadOnlyList<ClusterKey> OfCluster =
    [
        new("image", KeyForm.Text, "The image that workers run in. It needs the .NET and ASP.NET Core runtimes; weft itself is mounted, unless weft_program says where it is in the image."),
        new("head_image", KeyForm.Text, "The head's image. Without it the head runs in no container, because it needs the host's own programs (ssh, qsub, sbatch).") { Default = "none" },
        new("worker_image", KeyForm.Text, "The workers' image, in place of image.") { Default = "image" },
        new("container_name", KeyForm.Text, "What containers are called; the node's name is appended.") { Default = "weft-CLUSTER" },
        new("pull_before_run", KeyForm.Flag, "Fetch a newer image of the same name before each start.") { Default = "true" },
        new("run_options", KeyForm.TextList, "More arguments of docker run, as the shell reads them.") { IsCommand = true },
        new("head_run_options", KeyForm.TextList, "More of them, for the head.") { IsCommand = true },
        new("worker_run_options", KeyForm.TextList, "More of them, for workers.") { IsCommand = true },
        .. FromElsewhere,
    ];

    public static readonly IReadOnlyList<ClusterKey> OfNodeType =
    [
        new("image", KeyForm.Text, "The image of nodes of this type, in place of the cluster's."),
        new("worker_image", KeyForm.Text, "The same; it wins over image."),
        new("pull_before_run", KeyForm.Flag, "As in the cluster's section.") { Default = "the cluster's" },
        new("run_options", KeyForm.TextList, "In place of the cluster's run_options.") { IsCommand = true },
        new("worker_run_options", KeyForm.TextList, "In place of the cluster's worker_run_options.") { IsCommand = true },
        .. FromElsewhere,
    ];
}
