namespace Weft.Simulation.Tests;

/// <summary>Once faults have stopped, every future ends within a bounded time: the work itself, done one after the other, and some leases.</summary>
internal sealed class FuturesComplete(Simulation simulation, long workUs) : Checker(simulation)
{
    private const long GraceUs = 3 * Simulation.LeaseMs * 1000;

    public void Require(long calmSinceUs)
    {
        if (Simulation.Clock.NowUs <= calmSinceUs + GraceUs + (4 * workUs))
        {
            return;
        }

        foreach (var client in Simulation.LiveClients)
        {
            if (client.FindUnsettled() is { } task)
            {
                var id = client.IdOf(task);
                throw Simulation.Failure($"{id} has not ended {(Simulation.Clock.NowUs - calmSinceUs) / 1000} ms after faults have stopped.", id);
            }
        }

        throw Simulation.Failure("Nothing is left to wait for, and yet it is not over.", default);
    }
}
