namespace Weft.Autoscaler.Core.Tests;

/// <summary>Nobody but a shut-down takes a node down on which a task waits for others or has run for long; and busy nodes go only for an exact size, or when part of their workers have left already.</summary>
internal sealed class ParentsAreNotDrained(ScalingSimulation simulation) : Checker
{
    private readonly HashSet<NodeKey> _drained = [];

    public override void OnAction(AutoscalerAction action)
    {
        if (simulation.Wanted.IsShutDown)
        {
            return;
        }

        if (action is DrainNodes drain)
        {
            Require(drain.Nodes);
            _drained.UnionWith(drain.Nodes);
        }
        else if (action is TerminateNodes terminate)
        {
            Require(terminate.Nodes);
        }
    }

    private void Require(IReadOnlyList<NodeKey> nodes)
    {
        foreach (var worker in simulation.Seen.Workers.Where(worker => worker.Node is { } node && nodes.Contains(node) && !_drained.Contains(node)))
        {
            if (worker.WaitingInside > 0 || worker.LongestRunningMs >= simulation.Scenario.Options.LongRunningMs)
            {
                throw simulation.Failure($"{worker.Name} is to go, with a task that has run for {worker.LongestRunningMs} ms, and {worker.WaitingInside} that wait inside.");
            }

            var isExact = (simulation.Wanted.Cluster?.IsExact ?? false) || simulation.Wanted.Types.Values.Any(static target => target.IsExact);
            if (worker.Assigned > 0 && !isExact && !IsHalfGone(worker.Node!.Value))
            {
                throw simulation.Failure($"{worker.Name} is to go, and is busy.");
            }

        }
    }

    private bool IsHalfGone(NodeKey node) =>
        simulation.Seen.Workers.Where(worker => worker.Node == node).Sum(static worker => worker.Slots) < simulation.Scenario.Options.NodeTypes.First(type => type.Name == node.Type).Slots;
}
