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

    /// <summary>
    /// For <c>sh -c</c>: runs the script that its second argument names, removes it afterwards, and writes the exit code to the file that its first names. The trap keeps the shell alive over a SIGTERM,
    /// which its child gets as well, so that an end by signal is told, too.
    /// </summary>
    public const string Wrapper = "trap : TERM; /bin/sh \"$2\" & child=$!; while wait $child; code=$?; kill -0 $child 2> /dev/null; do :; done; rm -f \"$2\"; echo $code > \"$1.new\" && mv \"$1.new\" \"$1\"";

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
        // Another file than that of before, which a shell may still read.
        File.Delete(ScriptOf(node));
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Nodes, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var writer = new StreamWriter(ScriptOf(node), options);
        writer.Write(script);
    }

    public IReadOnlyList<(NodeId Node, NodeEnd End)> Ends()
    {
        var ends = new List<(NodeId, NodeEnd)>();
        if (Directory.Exists(Nodes))
        {
            foreach (var path in Directory.EnumerateFiles(Nodes, $"*{EndSuffix}"))
            {
                if (NodeId.TryParse(Path.GetFileNameWithoutExtension(path), out var node)
                    && int.TryParse(File.ReadAllText(path), CultureInfo.InvariantCulture, out var code))
                {
                    ends.Add((node, new NodeEnd(code, ReadLog(node, 1) is [var last] ? last : "")));
                }
            }
        }

        return ends;
    }

    public IReadOnlyList<string> ReadLog(NodeId node, int lines) => File.Exists(LogOf(node)) ? LogTail.Read(LogOf(node), lines) : [];
}
