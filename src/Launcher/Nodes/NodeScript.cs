namespace Weft.Launcher;

internal sealed record NodePaths(string Program, string SchedulerFile, string Folder);

internal static class NodeScript
{
    public static string Worker(ClusterConfiguration configuration, NodeTypeConfiguration type, NodePaths paths) =>
        $"exec {P(paths.Program)} worker --scheduler-file {P(paths.SchedulerFile)} --name \"$WEFT_NODE\" --nworkers {type.ProcessCount} --nthreads {type.Capacity.Slots / type.ProcessCount}\n";

    public static string Head(ClusterConfiguration configuration, NodePaths paths) => $"exec {P(paths.Program)} head {P(paths.Folder)}\n";

    private static string P(string path) => RemoteScript.QuotePath(path);
}
