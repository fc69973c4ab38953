namespace Weft.Autoscaler.Core.Tests;

/// <summary>All nodes that are not over, and those asked for, never cost more in an hour than allowed.</summary>
internal sealed class CostStaysBelowCap(ScalingSimulation simulation) : Checker
{
    public override void AfterTick()
    {
        if (simulation.Scenario.Options.HourlyCostMaxMicros is not { } max)
        {
            return;
        }

        var cost = simulation.Provider.Alive.Sum(static node => node.PriceMicros) + simulation.Provider.Requests.Sum(CostOf);
        if (cost > max)
        {
            throw simulation.Failure($"All nodes cost {cost} millionths an hour, more than {max}.");
        }
    }

    private long CostOf(LaunchNodes launch) => launch.Count * simulation.Scenario.Options.NodeTypes.First(type => type.Name == launch.Type).PriceOf(launch.IsSpot);
}
