namespace Weft.Autoscaler.Core.Tests;

/// <summary>
/// No node of a type is launched within the idle timeout after an idle one was drained, unless there is more to do than then: tasks were submitted since, or given back by nodes that were lost (those that are but half there included), or
/// somebody asked for another size.
/// </summary>
internal sealed class NoFlapping(ScalingSimulation simulation) : Checker
{
    private readonly Dictionary<string, (long TimeMs, int Arrived, int Lost)> _drained = [];
    private int _halfGone;

    public override void OnAction(AutoscalerAction action)
    {
        switch (action)
        {
            case DrainNodes { Reason: "some of its workers have left" }:
                _halfGone++;
                break;
            case DrainNodes { Reason: "it was idle" } drain:
                foreach (var node in drain.Nodes)
                {
                    _drained[node.Type] = (simulation.NowMs, simulation.Scheduler.Arrived, simulation.Provider.Lost + _halfGone);
                }

                break;
            case LaunchNodes launch when _drained.TryGetValue(launch.Type, out var drained)
                && simulation.NowMs - drained.TimeMs < simulation.Scenario.Options.IdleTimeoutMs
                && drained.Arrived == simulation.Scheduler.Arrived
                && drained.Lost == simulation.Provider.Lost + _halfGone
                && simulation.WantedSinceMs < drained.TimeMs:
                throw simulation.Failure($"{launch}: a node of the type was drained at {drained.TimeMs} ms, and nothing has come since.");
        }
    }
}
