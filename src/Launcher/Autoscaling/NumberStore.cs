using Weft.Autoscaler.Core;
using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>
/// Keeps the last node of each type that was asked for, over the ends of the autoscaler: a system forgets nodes that have ended, and a number that came again would name two of them. A line for each,
/// <c>TYPE-NUMBER</c>.
/// </summary>
internal sealed class NumberStore
{
    private readonly ClusterFolder _folder;
    private readonly Action<string> _log;
    private readonly SortedDictionary<string, int> _last = new(StringComparer.Ordinal);

    public NumberStore(ClusterFolder folder, Action<string> log)
    {
        _folder = folder;
        _log = log;
        foreach (var node in Read())
        {
            _last[node.Type] = node.Number;
        }
    }

    public IReadOnlyList<NodeKey> Last => [.. _last.Select(static type => new NodeKey(type.Key, type.Value))];

    /// <summary>To be called before the nodes are asked for.</summary>
    public void Note(LaunchNodes launch)
    {
        _last[launch.Type] = launch.First + launch.Count - 1;
        try
        {
            var draft = _folder.NumbersFile + ".new";
            File.WriteAllText(draft, string.Concat(Last.Select(static node => $"{node}\n")));
            File.Move(draft, _folder.NumbersFile, overwrite: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            _log($"the nodes' numbers could not be written down, and may be used again by the next autoscaler: {failure.Message}");
        }
    }

    /// <summary>None when nobody has written, or what is there cannot be read: then the list of nodes says it. A last line that is torn would name a lower number, and is left out.</summary>
    private List<NodeId> Read()
    {
        var nodes = new List<NodeId>();
        try
        {
            foreach (var line in File.ReadAllText(_folder.NumbersFile).Split('\n')[..^1])
            {
                if (NodeId.TryParse(line, out var node))
                {
                    nodes.Add(node);
                }
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // As the summary says.
        }

        return nodes;
    }
}
