using Weft.Autoscaler.Core;
using Weft.Provisioning;
using V1 = Weft.Protocol.V1;

namespace Weft.Launcher;

/// <summary>Launches that came to nothing, for those who wait for nodes: refused ones, and nodes that ended in an error before a worker of theirs had joined.</summary>
internal sealed class NodeFailures
{
    private const int KeptMax = 100;

    /// <summary>A queue forgets a node when it ends, and what accounting says of it comes later: until then it must not be forgotten that it had joined. So many are remembered of those on no list.</summary>
    private const int JoinedMax = 10_000;

    private readonly Queue<V1.NodeFailureInfo> _kept = [];
    private readonly HashSet<NodeId> _joined = [];
    private readonly HashSet<NodeId> _failed = [];
    private bool _hasList;

    public IEnumerable<V1.NodeFailureInfo> Kept => _kept;

    public ulong Count { get; private set; }

    public void Note(LaunchAnswered answer)
    {
        if (answer.Failure is { } failure)
        {
            Add(answer.Count == 1 ? new NodeId(answer.Type, answer.First).ToString() : answer.Type, failure.Message, failure.Kind == LaunchFailureKind.Permanent);
        }
    }

    /// <returns>Nodes that were not known to have failed.</returns>
    public IReadOnlyList<NodeId> Note(NodeLooks looks, IReadOnlyList<ObservedWorker> workers)
    {
        var fresh = new List<NodeId>();
        _joined.UnionWith(workers.Where(static worker => worker.Node is not null).Select(static worker => new NodeId(worker.Node!.Value.Type, worker.Node.Value.Number)));
        if (looks.Problem is not null)
        {
            return fresh;
        }

        foreach (var node in looks.Nodes.Where(node => node.State == NodeState.Failed && _failed.Add(node.Id)))
        {
            fresh.Add(node.Id);

            // What is in the first list has failed under an autoscaler of before, which knew whether it had joined.
            if (_hasList && !_joined.Contains(node.Id))
            {
                // What ends at once will again.
                Add(node.Id.ToString(), node.Detail ?? "it ended with an error", isPermanent: true);
            }
        }

        // Numbers are not used again: what the provider has forgotten is.
        var known = looks.Nodes.Select(static node => node.Id).ToHashSet();
        if (_joined.Count > known.Count + JoinedMax)
        {
            _joined.IntersectWith(known);
        }

        _failed.IntersectWith(known);
        _hasList = true;
        return fresh;
    }

    private void Add(string node, string message, bool isPermanent)
    {
        if (_kept.Count == KeptMax)
        {
            _kept.Dequeue();
        }

        _kept.Enqueue(new V1.NodeFailureInfo { Node = node, Message = message, Permanent = isPermanent });
        Count++;
    }
}
