using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>What becomes of the nodes of a request: those that run already are in neither list.</summary>
/// <param name="Chosen">They are started there.</param>
/// <param name="Failures">They are not.</param>
internal sealed record LaunchPlan(IReadOnlyList<PlacedNode> Chosen, IReadOnlyList<NodeFailure> Failures)
{
    /// <param name="nodes">All of one type.</param>
    /// <param name="answers">Of the hosts that such nodes may run on, in the order of preference.</param>
    /// <param name="onTheirWay">Nodes that other calls are starting.</param>
    /// <param name="memory">What was on hosts that do not answer.</param>
    /// <param name="perHost">Nodes of this kind on one host.</param>
    public static LaunchPlan Make(IReadOnlyList<NodeId> nodes, IReadOnlyList<HostAnswer<IReadOnlyList<HostNode>>> answers, IReadOnlyList<PlacedNode> onTheirWay, HostMemory memory, int perHost)
    {
        // The head and a worker may share a host: neither takes the other's place.
        var isHead = nodes[0].Type == NodeMarks.HeadType;
        var there = answers.Where(static answer => answer.IsThere).ToList();
        var running = there.SelectMany(static answer => answer.Value!).Where(static node => node.IsAlive).Select(static node => node.Id).Concat(onTheirWay.Select(static placed => placed.Node)).ToHashSet();
        var silent = answers.Where(static answer => !answer.IsThere).ToList();
        var failures = new List<NodeFailure>();
        var wanted = new List<NodeId>();
        foreach (var node in nodes.Where(node => !running.Contains(node)))
        {
            var holder = silent.FirstOrDefault(answer => memory.LastAliveOn(answer.Host.Target).Any(other => other.Id == node));
            if (holder.Failure is { } failure)
            {
                failures.Add(new NodeFailure(node, FailureKind.Transient, $"it may still run on a host that does not answer: {failure.Message}"));
            }
            else
            {
                wanted.Add(node);
            }
        }

        var taken = there.Select(answer => answer.Value!.Where(static node => node.IsAlive).Select(static node => node.Id)
            .Union(onTheirWay.Where(placed => placed.Host == answer.Host).Select(static placed => placed.Node)).Count(Counts)).ToList();
        var chosen = HostChoice.Choose(taken, perHost, wanted.Count).Select((host, index) => new PlacedNode(there[host].Host, wanted[index])).ToList();

        // Those without a place would have one if all hosts answered: each is told of one that does not.
        var reasons = silent.SelectMany(answer => Enumerable.Repeat(answer.Failure!, Math.Max(0, perHost - memory.LastAliveOn(answer.Host.Target).Count(node => Counts(node.Id))))).ToList();
        failures.AddRange(wanted.Skip(chosen.Count).Select((node, index) => index < reasons.Count ? new NodeFailure(node, reasons[index].Kind, reasons[index].Message)
            : new NodeFailure(node, FailureKind.Capacity, $"no host is free: each of {answers.Count} may have {perHost} of these nodes")));
        return new LaunchPlan(chosen, failures);

        bool Counts(NodeId node) => (node.Type == NodeMarks.HeadType) == isHead;
    }
}
