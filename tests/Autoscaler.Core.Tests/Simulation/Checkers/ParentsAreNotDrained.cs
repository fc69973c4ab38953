namespace Weft.Autoscaler.Core.Tests;

/// <summary>Nobody but a shut-down takes a node down on which a task waits for others or has run for long; and busy nodes go only for an exact size, or when part of their workers have left already.</summary>
internal sealed class ParentsAreNotDrained(ScalingSimulation simulation) : Checker
{
    public override void OnAction(AutoscalerAction action)
    {
        if (simulation.Wanted.IsShutDown)
        {
            return;
        }

        if (action is DrainNodes drain)
        {
            Require(drain.Nodes);
        }
        else if (action is TerminateNodes terminate)
        {
            Require(terminate.Nodes);
        }
    }

    private void Require(IReadOnlyList<NodeKey> nodes)
    {
        // Those that leave already have been asked before; one that refused has not.
        foreach (var worker in simulation.Seen.Workers.Where(worker => worker is { Node: { } node, IsLeaving: false } && nodes.Contains(node)))
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
