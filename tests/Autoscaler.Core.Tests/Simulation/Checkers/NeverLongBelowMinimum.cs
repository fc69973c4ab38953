namespace Weft.Autoscaler.Core.Tests;

/// <summary>A type that has fewer nodes than its minimum gets them back as soon as the provider lets it.</summary>
internal sealed class NeverLongBelowMinimum(ScalingSimulation simulation) : Checker
{
    private readonly long[] _sinceMs = new long[simulation.Scenario.Options.NodeTypes.Count];

    public override void AfterTick()
    {
        foreach (var (index, type) in simulation.Scenario.Options.NodeTypes.Index())
        {
            var nodes = simulation.Provider.Alive.Count(node => node.Key.Type == type.Name && node.State != ObservedState.Ending);
            if (nodes >= type.WorkersMin || IsHindered(type))
            {
                _sinceMs[index] = simulation.NowMs;
            }
            else if (simulation.NowMs - _sinceMs[index] > BoundMs())
            {
                throw simulation.Failure($"{type.Name} has had {nodes} nodes, fewer than its minimum, for {simulation.NowMs - _sinceMs[index]} ms.");
            }
        }
    }

    /// <summary>The longest back-off after whatever failed before, the time until a node that nobody lists counts as gone, and some ticks.</summary>
    private long BoundMs() => simulation.Scenario.Options.BackOffMaxMs + 60_000 + 30_000;

    private bool IsHindered(NodeTypeOptions type) =>
        simulation.NowMs < simulation.Scenario.Faults.EndMs || simulation.Wanted is not { Cluster: null, Types.Count: 0 } || simulation.EndingMs != long.MaxValue || IsFull(type);

    /// <summary>The cluster's own bounds leave no room for one more while nodes of other types are busy, or not idle for long enough, or end.</summary>
    private bool IsFull(NodeTypeOptions type)
    {
        var options = simulation.Scenario.Options;
        var alive = simulation.Provider.Alive.ToArray();
        return alive.Length >= options.WorkersMax
            || alive.Count(node => node.Key.Type == type.Name) >= type.WorkersMax
            || alive.Sum(static node => node.PriceMicros) + type.PriceMicros > options.HourlyCostMaxMicros;
    }
}
