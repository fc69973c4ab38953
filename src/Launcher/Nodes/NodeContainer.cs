using System.Globalization;
using System.Text;

namespace Weft.Launcher;

/// <summary>
/// Wraps a script into <c>docker run</c>. The container has the host's network, because workers connect to each other, and the same home folder and paths as the host, so that <c>~/</c> means the same in
/// and outside of it.
/// </summary>
internal sealed class NodeContainer
{
    private static readonly string[] NodeVariables = ["WEFT_CLUSTER", "WEFT_NODE_TYPE", "WEFT_NODE"];

    private readonly ContainerConfiguration _container;
    private readonly IEnumerable<string> _variables;
    private readonly List<MountedPath> _mounts;

    private NodeContainer(ClusterConfiguration cluster, ContainerConfiguration container, NodePaths paths)
    {
        _container = container;
        _variables = NodeVariables.Concat(cluster.Environment.Keys);
        _mounts = [.. cluster.FileMounts.Select(static mount => mount.Target).Concat(cluster.ClusterSyncedFiles).Select(Writable)];

        // A program that the file names is in the image.
        if (cluster.Program is null && FolderOf(paths.Program) is { } programs)
        {
            _mounts.Add(ReadOnly(programs));
        }
    }

    /// <summary>Workers read the scheduler file, which is replaced as a whole: its folder is mounted.</summary>
    public static NodeContainer ForWorker(ClusterConfiguration cluster, ContainerConfiguration container, NodePaths paths)
    {
        var wrapped = new NodeContainer(cluster, container, paths);
        wrapped._mounts.Add(ReadOnly(FolderOf(paths.SchedulerFile)!));
        if (cluster.Storage is { } storage)
        {
            wrapped._mounts.Add(Writable(storage));
        }

        return wrapped;
    }

    /// <summary>The head writes the scheduler file, its journal and logs.</summary>
    public static NodeContainer ForHead(ClusterConfiguration cluster, ContainerConfiguration container, NodePaths paths)
    {
        var wrapped = new NodeContainer(cluster, container, paths);
        string[] folders = [paths.Folder, FolderOf(paths.SchedulerFile)!, NodePathBinder.IsPath(cluster.Journal) ? cluster.Journal : paths.Folder];
        wrapped._mounts.AddRange(folders.Select(Writable));
        return wrapped;
    }

    /// <param name="script">Goes on with it.</param>
    /// <param name="inner">What runs in the container.</param>
    public void AppendTo(StringBuilder script, string inner)
    {
        if (_container.PullBeforeRun)
        {
            script.Append(CultureInfo.InvariantCulture, $"weft_run 'fetching the image' {ShellText.Quote($"docker pull {ShellText.Quote(_container.Image)}")}\n");
        }

        // What a killed node of the same name has left behind.
        var name = $"{ShellText.Quote(_container.Name)}-\"$WEFT_NODE\"";
        script.Append(CultureInfo.InvariantCulture, $"docker rm --force {name} >/dev/null 2>&1\n");

        // --init: a shell as the first process of a container would not end by SIGTERM, which docker run passes on.
        script.Append(CultureInfo.InvariantCulture, $"exec docker run --rm --init --interactive --network host --name {name} --env HOME");
        foreach (var variable in _variables)
        {
            script.Append(CultureInfo.InvariantCulture, $" --env {variable}");
        }

        // docker refuses to mount a path twice: what one needs to write all may write.
        foreach (var mounts in _mounts.GroupBy(static mount => mount.Path))
        {
            var path = ShellText.QuotePath(mounts.Key);
            script.Append(CultureInfo.InvariantCulture, $" -v {path}:{path}{(mounts.All(static mount => mount.IsReadOnly) ? ":ro" : "")}");
        }

        foreach (var option in _container.RunOptions)
        {
            script.Append(CultureInfo.InvariantCulture, $" {OneLine(option)}");
        }

        var end = EndOf(inner);
        script.Append(CultureInfo.InvariantCulture, $" {ShellText.Quote(_container.Image)} /bin/sh -s <<'{end}'\n{inner}{end}\n");
    }

    private static MountedPath Writable(string path) => new(WithoutEnd(path), IsReadOnly: false);

    private static MountedPath ReadOnly(string path) => new(WithoutEnd(path), IsReadOnly: true);

    /// <summary>The same path with and without a slash at its end is one.</summary>
    private static string WithoutEnd(string path) => path.TrimEnd('/') is { Length: > 0 } trimmed ? trimmed : "/";

    /// <summary>A block of the file ends in a line break, by which the command would end before the image. One after a backslash is none, as the shell reads it.</summary>
    private static string OneLine(string option) => option.Replace("\\\n", "").Replace('\n', ' ').Trim();

    /// <summary>Null: the path is a name alone.</summary>
    private static string? FolderOf(string path) => path.LastIndexOf('/') switch
    {
        < 0 => null,
        0 => "/",
        var slash => path[..slash],
    };

    /// <summary>A line that the text does not have.</summary>
    private static string EndOf(string text)
    {
        var lines = text.Split('\n');
        var end = "WEFT_END";
        while (lines.Contains(end))
        {
            end += "_";
        }

        return end;
    }

    private readonly record struct MountedPath(string Path, bool IsReadOnly);
}
