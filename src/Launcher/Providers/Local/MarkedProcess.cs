using System.Globalization;
using System.Text;
using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>
/// A process of this machine that belongs to a node of a cluster: it, or an ancestor, was started with the marks in its environment. So nothing needs to be remembered, and nothing that was started
/// can be lost from sight.
/// </summary>
internal readonly record struct MarkedProcess(int ProcessId, NodeId Node)
{
    private const string ProcessFolder = "/proc";

    /// <summary>All processes of a cluster that this user may look at, but this one. In order of their ids.</summary>
    public static IReadOnlyList<MarkedProcess> Of(string cluster)
    {
        var clusterMark = Mark(NodeMarks.Cluster, cluster);
        var found = new List<MarkedProcess>();
        foreach (var folder in Directory.EnumerateDirectories(ProcessFolder))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                && id != Environment.ProcessId
                && NodeIn(ProcessEnvironment.Read(folder), clusterMark) is { } node)
            {
                found.Add(new MarkedProcess(id, node));
            }
        }

        found.Sort(static (left, right) => left.ProcessId.CompareTo(right.ProcessId));
        return found;
    }

    private static NodeId? NodeIn(byte[] environment, byte[] clusterMark)
    {
        if (!Contains(environment, clusterMark))
        {
            return null;
        }

        foreach (var entry in Encoding.UTF8.GetString(environment).Split('\0'))
        {
            if (entry.StartsWith(NodeMarks.Node + "=", StringComparison.Ordinal) && NodeId.TryParse(entry[(NodeMarks.Node.Length + 1)..], out var node))
            {
                return node;
            }
        }

        return null;
    }

    /// <summary>As a whole entry: at the beginning or after a zero, and before one.</summary>
    private static bool Contains(byte[] environment, byte[] mark) =>
        environment.AsSpan().StartsWith(mark.AsSpan(1)) || environment.AsSpan().IndexOf(mark) >= 0;

    private static byte[] Mark(string name, string value) => Encoding.UTF8.GetBytes($"\0{name}={value}\0");
}
