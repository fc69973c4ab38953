using System.Globalization;
using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>What nodes write into the cluster's folder where they share it with whoever launches them: <c>logs/NODE.log</c>, and how they ended.</summary>
internal sealed class NodeFolder(string folder)
{
    private const string EndSuffix = ".exit";

    /// <summary>
    /// For <c>sh -c</c>: runs its second argument as a script, and writes the exit code to the file that its first names. The trap keeps the shell alive over a SIGTERM, which its child gets as well,
    /// so that an end by signal is told, too.
    /// </summary>
    public const string Wrapper = "trap : TERM; /bin/sh -c \"$2\" & child=$!; while wait $child; code=$?; kill -0 $child 2> /dev/null; do :; done; echo $code > \"$1.new\" && mv \"$1.new\" \"$1\"";

    public string LogOf(NodeId node) => Path.Combine(folder, "logs", $"{node}.log");

    public string EndOf(NodeId node) => Path.Combine(folder, "nodes", node + EndSuffix);

    public void Prepare(NodeId node)
    {
        Directory.CreateDirectory(Path.Combine(folder, "logs"));
        Directory.CreateDirectory(Path.Combine(folder, "nodes"));
        File.Delete(EndOf(node));
    }

    public IReadOnlyList<(NodeId Node, NodeEnd End)> Ends()
    {
        var ends = new List<(NodeId, NodeEnd)>();
        var nodes = Path.Combine(folder, "nodes");
        if (Directory.Exists(nodes))
        {
            foreach (var path in Directory.EnumerateFiles(nodes, $"*{EndSuffix}"))
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
