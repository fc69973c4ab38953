namespace Weft.Autoscaler.Core.Tests;

/// <summary>A number names one node of its type, ever; and all that is wanted of a type at a time is one request.</summary>
internal sealed class NumbersAreUsedOnce(ScalingSimulation simulation) : Checker
{
    private readonly Dictionary<string, int> _highest = [];
    private readonly Dictionary<string, long> _lastMs = [];

    public override void OnAction(AutoscalerAction action)
    {
        if (action is not LaunchNodes launch)
        {
            return;
        }

        if (launch.First <= _highest.GetValueOrDefault(launch.Type) || launch.Count < 1)
        {
            throw simulation.Failure($"{launch}: numbers were given out before.");
        }

        if (_lastMs.GetValueOrDefault(launch.Type) == simulation.NowMs)
        {
            throw simulation.Failure($"{launch} is the type's second request at a time.");
        }

        _highest[launch.Type] = launch.First + launch.Count - 1;
        _lastMs[launch.Type] = simulation.NowMs;
    }
}
