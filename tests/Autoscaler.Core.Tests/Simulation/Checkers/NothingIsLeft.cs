namespace Weft.Autoscaler.Core.Tests;

/// <summary>The head ends in bounded time after the cluster was told to, or fell out of use, and not before all nodes have gone.</summary>
internal sealed class NothingIsLeft(ScalingSimulation simulation) : Checker
{
    /// <summary>What was accepted and is never listed counts as there for a minute; orders are repeated every ten seconds.</summary>
    private const long GraceMs = 180_000;

    public override void OnAction(AutoscalerAction action)
    {
        if (action is not EndHead)
        {
            return;
        }

        if (simulation.EndingMs == long.MaxValue)
        {
            throw simulation.Failure("The head was ended, and nobody wanted that.");
        }

        if (simulation.Provider.Alive.Any() || simulation.Provider.Requests.Any())
        {
            throw simulation.Failure("The head was ended, and there are nodes.");
        }
    }

    public override void AfterTick()
    {
        var waitMs = simulation.Scenario.EndsByShutDown ? 0 : simulation.Scenario.Options.HeadTimeoutMs;
        if (simulation.EndingMs != long.MaxValue && simulation.NowMs - simulation.EndingMs > waitMs + GraceMs)
        {
            throw simulation.Failure("The head does not end.");
        }
    }
}
