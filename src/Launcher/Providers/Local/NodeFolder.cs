using System.Globalization;
using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>
/// What is known of nodes in the cluster's folder where they share it with whoever launches them: <c>logs/NODE.log</c>, <c>nodes/NODE.sh</c> (what it runs, as long as it does) and <c>nodes/NODE.exit</c>
/// (how it ended).
/// </summary>
internal sealed class NodeFolder(string folder)
{
    public const string ScriptSuffix = ".sh";

    private const string EndSuffix = ".exit";

    private const int EndsMax = 100;

    /// <summary>What was read before, by when it was written: a log may be long, and a list is asked for every second. Guarded by itself.</summary>
    private readonly Dictionary<NodeId, (DateTime WrittenAt, NodeEnd End)> _read = [];

    /// <summary>
    /// For <c>sh -c</c>: runs the script that its second argument names, removes it afterwards, and writes the exit code to the file that its first names. The trap keeps the shell alive over a SIGTERM,
    /// which its child gets as well, so that an end by signal is told, too. What the script has left running is ended by <see cref="Sweep"/>, its third argument, in an environment that is no longer the
    /// node's: it would find itself.
    /// </summary>
    public const string Wrapper =
        """
        trap : TERM
        /bin/sh "$2" &
        child=$!
        while wait $child; code=$?; kill -0 $child 2> /dev/null; do :; done
        rm -f "$2"
        echo $code > "$1.new" && mv "$1.new" "$1"
        cluster=$WEFT_CLUSTER wanted=$WEFT_NODE
        unset WEFT_CLUSTER WEFT_NODE WEFT_NODE_TYPE
        exec /bin/sh -c "$3" weft-node-end "$cluster" "$wanted" "$2"
        """;

    /// <summary>For <see cref="Wrapper"/>. A script that is there again is that of the next launch.</summary>
    public const string Sweep = "cluster=$1 wanted=$2 script=$3\nlaunched_again() { [ -e \"$script\" ]; }\n" + NodeScripts.Sweep;

    private string Nodes => Path.Combine(folder, "nodes");

    public string LogOf(NodeId node) => Path.Combine(folder, "logs", $"{node}.log");

    public string ScriptOf(NodeId node) => Path.Combine(Nodes, node + ScriptSuffix);

    public string EndOf(NodeId node) => Path.Combine(Nodes, node + EndSuffix);

    /// <summary>Makes room for a node, and keeps its script: with the cluster's variables in it, which are nobody else's business.</summary>
    public void Prepare(NodeId node, string script)
    {
        Directory.CreateDirectory(Path.Combine(folder, "logs"));
        Directory.CreateDirectory(Nodes);
        File.Delete(EndOf(node));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Nodes, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        PrivateText.Write(ScriptOf(node), script);
    }

    /// <summary>How nodes ended: the newest, each read once. Older ones are forgotten.</summary>
    public IReadOnlyList<(NodeId Node, NodeEnd End)> Ends()
    {
        var nodes = new DirectoryInfo(Nodes);
        if (!nodes.Exists)
        {
            return [];
        }

        var files = nodes.EnumerateFiles($"*{EndSuffix}").Select(static file => (Node: NodeOf(file), File: file)).Where(static end => end.Node is not null).ToList();
        var ordered = files.OrderByDescending(static end => end.File.LastWriteTimeUtc).ToList();
        lock (_read)
        {
            foreach (var (node, file) in ordered.Skip(EndsMax))
            {
                file.Delete();
                _read.Remove(node!.Value);
            }

            var ends = new List<(NodeId, NodeEnd)>();
            foreach (var (node, file) in ordered.Take(EndsMax))
            {
                if (EndIn(file, node!.Value) is { } end)
                {
                    ends.Add((node.Value, end));
                }
            }

            return ends;
        }
    }

    public IReadOnlyList<string> ReadLog(NodeId node, int lines) => File.Exists(LogOf(node)) ? LogTail.Read(LogOf(node), lines) : [];

    private NodeEnd? EndIn(FileInfo file, NodeId node)
    {
        if (_read.TryGetValue(node, out var read) && read.WrittenAt == file.LastWriteTimeUtc)
        {
            return read.End;
        }

        try
        {
            if (!int.TryParse(File.ReadAllText(file.FullName), CultureInfo.InvariantCulture, out var code))
            {
                return null;
            }

            var end = new NodeEnd(code, ReadLog(node, 1) is [var last] ? last : "");
            _read[node] = (file.LastWriteTimeUtc, end);
            return end;
        }
        catch (FileNotFoundException)
        {
            // It was launched again, or somebody else's look has forgotten it.
            return null;
        }
    }

    private static NodeId? NodeOf(FileInfo file) => NodeId.TryParse(Path.GetFileNameWithoutExtension(file.Name), out var node) ? node : null;
}
