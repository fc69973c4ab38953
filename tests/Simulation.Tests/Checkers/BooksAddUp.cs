using Weft.Primitives;

namespace Weft.Simulation.Tests;

/// <summary>Slots, resources, bytes, edges and counts of all cores add up after a step; on most seeds only now and then, because counting takes longer than the step.</summary>
internal sealed class BooksAddUp(Simulation simulation, int everySteps) : Checker(simulation)
{
    private int _turns;
    private int _workerSteps;

    public override void AfterTurn()
    {
        if (++_turns % everySteps == 0)
        {
            Simulation.Scheduler.Core.CheckInvariants();
        }
    }

    public override void AfterWorkerStep(WorkerProcess process)
    {
        if (++_workerSteps % everySteps == 0)
        {
            process.Core.CheckInvariants();
            Require(process.Core.StoredBytes == process.StoredBytes, $"{process.Address} says that it holds {process.Core.StoredBytes} bytes and holds {process.StoredBytes}");
        }
    }

    public override void WhenSettled()
    {
        Simulation.Scheduler.Core.CheckInvariants();
        foreach (var client in Simulation.LiveClients)
        {
            client.Core.CheckInvariants();
        }
    }

    private void Require(bool holds, string rule)
    {
        if (!holds)
        {
            throw Simulation.Failure(rule, default(TaskId));
        }
    }
}
