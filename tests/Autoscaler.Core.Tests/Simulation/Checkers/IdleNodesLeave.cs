namespace Weft.Autoscaler.Core.Tests;

/// <summary>No node is idle for much longer than the idle timeout while its type has more nodes than its own minimum, whatever other types lack.</summary>
internal sealed class IdleNodesLeave(ScalingSimulation simulation) : Checker
{
    /// <summary>Some looks around.</summary>
    private const long SlackMs = 20_000;

    private readonly long[] _sinceMs = new long[simulation.Scenario.Options.NodeTypes.Count];

    public override void AfterTick()
    {
        var staying = simulation.Seen.Workers.GroupBy(static worker => worker.Node!.Value).Where(IsStaying).ToArray();
        foreach (var (index, type) in simulation.Scenario.Options.NodeTypes.Index())
        {
            var own = staying.Where(node => node.Key.Type == type.Name).ToArray();
            if (own.Length <= type.WorkersMin || IsHindered())
            {
                _sinceMs[index] = simulation.NowMs;
            }
            else if (simulation.NowMs - _sinceMs[index] > SlackMs && Array.Find(own, IsOverdue) is { } node)
            {
                throw simulation.Failure($"{node.Key} has been idle for {node.Min(static worker => worker.IdleMs)} ms, and {own.Length} nodes of its type are up.");
            }
        }
    }

    private bool IsHindered() => simulation.Wanted is not { Cluster: null or { Minimum: null }, Types.Count: 0 } || simulation.EndingMs != long.MaxValue;

    private bool IsStaying(IGrouping<NodeKey, ObservedWorker> node) => node.All(worker => !simulation.Scheduler.Workers[worker.Name].IsLeaving);

    private bool IsOverdue(IGrouping<NodeKey, ObservedWorker> node) =>
        node.All(worker => worker is { Assigned: 0, RefusedToLeave: null } && worker.IdleMs > simulation.Scenario.Options.IdleTimeoutMs + SlackMs);
}
