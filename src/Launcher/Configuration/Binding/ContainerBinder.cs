namespace Weft.Launcher;

/// <summary>Works out the containers of workers and of the head from the sections <c>docker</c>.</summary>
internal static class ContainerBinder
{
    /// <param name="cluster">The cluster's section; null: it has none.</param>
    /// <param name="own">The node type's; null: it has none.</param>
    /// <param name="clusterName">For the container's name.</param>
    /// <returns>Null: workers run in no container.</returns>
    public static ContainerConfiguration? Worker(FileSection? cluster, FileSection? own, string clusterName)
    {
        var image = Given(own, "worker_image") ?? Given(own, "image") ?? Given(cluster, "worker_image") ?? Given(cluster, "image");
        return image is null ? null : new ContainerConfiguration
        {
            Image = image,
            Name = Name(cluster, clusterName),
            PullBeforeRun = own?.Flag("pull_before_run") ?? cluster?.Flag("pull_before_run") ?? true,
            RunOptions =
            [
                .. own?.List("run_options") ?? cluster?.List("run_options") ?? [],
                .. own?.List("worker_run_options") ?? cluster?.List("worker_run_options") ?? [],
            ],
        };
    }

    /// <summary>
    /// The head looks after nodes with programs of its host (ssh, qsub, sbatch) and runs no task: it is in a container only when it has an image of its own.
    /// </summary>
    public static ContainerConfiguration? Head(FileSection? cluster, string clusterName) => Given(cluster, "head_image") is not { } image ? null : new ContainerConfiguration
    {
        Image = image,
        Name = Name(cluster, clusterName),
        PullBeforeRun = cluster!.Flag("pull_before_run") ?? true,
        RunOptions = [.. cluster.List("run_options") ?? [], .. cluster.List("head_run_options") ?? []],
    };

    private static string Name(FileSection? cluster, string clusterName) => Given(cluster, "container_name") ?? $"weft-{clusterName}";

    /// <summary>In Ray's files an empty text is as good as none.</summary>
    private static string? Given(FileSection? section, string key) => section?.Text(key) is { Length: > 0 } text ? text : null;
}
