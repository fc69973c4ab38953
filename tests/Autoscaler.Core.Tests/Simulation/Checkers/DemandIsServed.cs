namespace Weft.Autoscaler.Core.Tests;

/// <summary>
/// Once nothing goes wrong any more, all tasks are done in bounded time. In a calm run, each begins within a bound: a few rounds of launching (upscaling speed), and the target duration.
/// </summary>
internal sealed class DemandIsServed(ScalingSimulation simulation) : Checker
{
    private readonly long _boundMs = simulation.CalmMs + simulation.RestMs + simulation.Scenario.WorstMakespanMs();

    public override void AfterTick()
    {
        if (simulation.Scheduler.Unfinished > 0 && simulation.NowMs > _boundMs)
        {
            throw simulation.Failure($"Tasks are not done by {_boundMs} ms.");
        }

        if (simulation.Scenario.IsCalm && simulation.Scheduler.LongestWaitMs > WaitBoundMs())
        {
            throw simulation.Failure($"A task waited for {simulation.Scheduler.LongestWaitMs} ms; {WaitBoundMs()} ms are allowed.");
        }
    }

    /// <summary>Five nodes may always be on their way, so that many rounds are needed at most; each costs the queue and the boot. What short tasks have left then ends within the target, or a task's length.</summary>
    private long WaitBoundMs()
    {
        var scenario = simulation.Scenario;
        var most = scenario.Bursts.Max(static burst => burst.Count);
        var rounds = 1 + (most / 5);
        var comes = scenario.QueueMs.Max() + (scenario.BootMs.Max() * 6 / 5) + (4 * scenario.TickMs);
        return (Math.Min(rounds, 6) * comes) + (2 * scenario.Options.TargetDurationMs) + (2 * scenario.Bursts.Max(static burst => burst.Function.MeanMs));
    }
}
