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
            if (nodes >= type.WorkersMin || IsHindered())
            {
                _sinceMs[index] = simulation.NowMs;
            }
            else if (simulation.NowMs - _sinceMs[index] > BoundMs())
            {
                throw simulation.Failure($"{type.Name} has had {nodes} nodes, fewer than its minimum, for {simulation.NowMs - _sinceMs[index]} ms.");
            }
        }
    }

    /// <summary>The longest back-off after whatever failed before, the time until a node that nobody lists counts as gone, and some ticks. Nodes of other types above their share end first.</summary>
    private long BoundMs() => simulation.Scenario.Options.BackOffMaxMs + 60_000 + 30_000 + simulation.RestMs;

    private bool IsHindered() =>
        simulation.NowMs < simulation.Scenario.Faults.EndMs || simulation.Wanted != new WantedSize() || simulation.EndingMs != long.MaxValue || IsFull();

    /// <summary>The cluster's own bounds leave no room while other types' nodes are busy.</summary>
    private bool IsFull() => simulation.Scheduler.Unfinished > 0 && (simulation.Scenario.Options.HourlyCostMaxMicros is not null || simulation.Provider.Alive.Count() >= simulation.Scenario.Options.WorkersMax);
}
