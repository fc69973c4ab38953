namespace Weft.Autoscaler.Core.Tests;

/// <summary>A cluster with nothing to do comes to its minimum, and stays there.</summary>
internal sealed class IdleClusterRests(ScalingSimulation simulation) : Checker
{
    public override void WhenAtRest()
    {
        foreach (var type in simulation.Scenario.Options.NodeTypes)
        {
            var nodes = simulation.Provider.Alive.Count(node => node.Key.Type == type.Name && node.State != ObservedState.Ending);
            if (nodes != type.WorkersMin)
            {
                throw simulation.Failure($"{type.Name} has {nodes} nodes after {simulation.RestMs} ms without a task; its minimum is {type.WorkersMin}.");
            }
        }
    }
}
