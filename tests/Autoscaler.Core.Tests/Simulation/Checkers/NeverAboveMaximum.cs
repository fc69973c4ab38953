namespace Weft.Autoscaler.Core.Tests;

/// <summary>What is launched never brings a type, or the cluster, above what the file allows, or what somebody asked for.</summary>
internal sealed class NeverAboveMaximum(ScalingSimulation simulation) : Checker
{
    public override void OnAction(AutoscalerAction action)
    {
        if (action is not LaunchNodes launch)
        {
            return;
        }

        var options = simulation.Scenario.Options;
        var typeMax = options.NodeTypes.First(type => type.Name == launch.Type).WorkersMax;
        if (simulation.Wanted.Types.TryGetValue(launch.Type, out var asked))
        {
            typeMax = Math.Min(typeMax, asked.Maximum);
        }

        var clusterMax = Math.Min(options.WorkersMax, simulation.Wanted.Cluster?.Maximum ?? int.MaxValue);
        var ofType = simulation.Provider.Alive.Count(node => node.Key.Type == launch.Type) + simulation.Provider.Requests.Where(request => request.Type == launch.Type).Sum(static request => request.Count);
        var all = simulation.Provider.Alive.Count() + simulation.Provider.Requests.Sum(static request => request.Count);
        if (ofType + launch.Count > typeMax || all + launch.Count > clusterMax)
        {
            throw simulation.Failure($"{launch} goes above the maximum of {typeMax} for the type, or {clusterMax} for the cluster: there are {ofType} and {all}.");
        }
    }
}
