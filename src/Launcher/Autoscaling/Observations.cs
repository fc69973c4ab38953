using Weft.Autoscaler.Core;
using Weft.Primitives;
using Weft.Provisioning;
using V1 = Weft.Protocol.V1;

namespace Weft.Launcher;

/// <summary>What provider and scheduler said, in the words of the core.</summary>
internal static class Observations
{
    /// <param name="configuration">Names the types.</param>
    /// <param name="looks">The provider's nodes.</param>
    /// <param name="heard">Null: the scheduler did not answer.</param>
    /// <param name="target">What people asked for.</param>
    public static Observation Of(ClusterConfiguration configuration, NodeLooks looks, V1.ScalingDemand? heard, V1.ScaleTarget target)
    {
        // A scheduler that was just started knows some workers only: those of the others would be taken for gone.
        heard = heard is { Recovering: true } ? null : heard;
        var listed = looks.Nodes.Select(static node => node.Id).ToHashSet();
        return new Observation
        {
            Nodes = [.. looks.Nodes.Select(static node => new ObservedNode(new NodeKey(node.Id.Type, node.Id.Number), StateOf(node.State), node.IsSpot, node.Detail))],
            IsNodeListComplete = looks.Problem is null,
            IsSchedulerHeard = heard is not null,
            Workers = heard is null ? [] : [.. heard.Workers.Select(worker => Of(configuration, listed, worker))],
            Demand = heard is null ? new ClusterDemand() : Of(heard),
            Wanted = Of(configuration, target),
        };
    }

    /// <summary>
    /// The node that a worker was started by; null: it is in nobody's name. What is listed decides: nodes and their workers may be of before the file changed. The file's types say it only of a node that
    /// is not listed (yet).
    /// </summary>
    public static NodeId? NodeOf(ClusterConfiguration configuration, IReadOnlySet<NodeId> listed, string worker)
    {
        if (!NodeId.TryParse(worker, out var alone))
        {
            return null;
        }

        // One of several processes: NODE-INDEX.
        NodeId? shared = NodeId.TryParse(alone.Type, out var node) ? node : null;
        if (listed.Contains(alone))
        {
            return alone;
        }

        if (shared is { } known && listed.Contains(known))
        {
            return known;
        }

        if (TypeOf(alone) is { ProcessCount: 1 })
        {
            return alone;
        }

        return TypeOf(shared) is { ProcessCount: > 1 } or { IsProcessPerHostCore: true } ? shared : null;

        NodeTypeConfiguration? TypeOf(NodeId? node) => configuration.NodeTypes.FirstOrDefault(known => known.Name == node?.Type);
    }

    private static ObservedState StateOf(NodeState state) => state switch
    {
        NodeState.Waiting => ObservedState.Waiting,
        NodeState.Running => ObservedState.Running,
        NodeState.Ending => ObservedState.Ending,
        NodeState.Ended => ObservedState.Ended,
        NodeState.Failed => ObservedState.Failed,
    };

    private static ObservedWorker Of(ClusterConfiguration configuration, IReadOnlySet<NodeId> listed, V1.WorkerInfo worker) => new()
    {
        Name = worker.Name,
        Node = NodeOf(configuration, listed, worker.Name) is { } node ? new NodeKey(node.Type, node.Number) : null,
        Slots = (int)worker.Slots,
        Assigned = (int)worker.Assigned,
        Running = (int)worker.Holding,
        LongestRunningMs = (long)worker.LongestRunningMs,
        WaitingInside = (int)worker.WaitingInside,
        IdleMs = (long)worker.IdleMs,
        StoredBytes = (long)worker.ResultBytes,
        IsPaused = worker.Paused,
        IsLeaving = worker.Leaving.Length > 0,
        Resources = AmountsOf(worker.Resources),
        ResourcesInUse = AmountsOf(worker.ResourcesInUse),
        RefusedToLeave = worker.RefusedToLeave.Length > 0 ? worker.RefusedToLeave : null,
    };

    private static ClusterDemand Of(V1.ScalingDemand heard) => new()
    {
        Rows = [.. heard.Rows.Select(Of)],
        HasClients = heard.Clients > 0,
        SinceWorkMs = (long)heard.IdleMs,
    };

    private static Autoscaler.Core.DemandRow Of(V1.DemandRow row) => new(AmountsOf(row.Resources), (long)row.Tasks, (long)row.Running, (long)row.MeanNs, row.Restricted);

    private static ResourceAmounts AmountsOf(IEnumerable<V1.Resource> resources) =>
        ResourceAmounts.Of(resources.Select(static amount => KeyValuePair.Create(amount.Name, (long)amount.Milli)));

    private static WantedSize Of(ClusterConfiguration configuration, V1.ScaleTarget target)
    {
        var maximum = target.HasMaximum ? (int)target.Maximum : configuration.WorkersMax;
        var minimum = Math.Min(maximum, (int)target.Minimum);
        return new WantedSize
        {
            Cluster = target switch
            {
                { HasMinimum: false, HasMaximum: false } => null,
                { HasMinimum: false } => SizeTarget.AtMost(maximum),
                { HasMaximum: true } when minimum == maximum => SizeTarget.Exactly(minimum),
                _ => SizeTarget.Between(minimum, maximum),
            },
            IsShutDown = target.End,
        };
    }
}
