using Weft.Primitives;
using Weft.Scheduler.Core;

namespace Weft.Simulation.Tests;

/// <summary>Watches one property of a whole simulation, and throws a <see cref="SimulationException"/> when it does not hold.</summary>
internal abstract class Checker(Simulation simulation)
{
    protected Simulation Simulation => simulation;

    public virtual void BeforeApply(SchedulerEvent happened)
    {
    }

    public virtual void AfterApply(SchedulerEvent happened)
    {
    }

    /// <summary>The scheduler ordered something.</summary>
    public virtual void OnAction(in SchedulerAction action)
    {
    }

    /// <summary>The scheduler noted something for its journal.</summary>
    public virtual void OnFact(SchedulerFact fact)
    {
    }

    /// <summary>It noted it, and lost it with the power of its host.</summary>
    public virtual void OnFactLost(SchedulerFact fact)
    {
    }

    /// <summary>A scheduler has taken over from one that died: from these facts, and nothing has been said to it yet.</summary>
    public virtual void OnBegunAgain(IReadOnlyList<SchedulerFact> facts)
    {
    }

    /// <summary>A worker began to run a task, at a time that may be a little past.</summary>
    public virtual void OnBegun(TaskId task, WorkerProcess process, long beganUs)
    {
    }

    /// <summary>A worker's core has taken a step, and what it ordered is about to be done.</summary>
    public virtual void BeforeOrders(WorkerProcess process)
    {
    }

    /// <summary>The scheduler has carried out all that came of one batch.</summary>
    public virtual void AfterTurn()
    {
    }

    public virtual void AfterWorkerStep(WorkerProcess process)
    {
    }

    /// <summary>Every future has ended, and nothing has been let go of.</summary>
    public virtual void WhenSettled()
    {
    }
}
