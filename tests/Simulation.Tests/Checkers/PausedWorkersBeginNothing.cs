using Weft.Primitives;
using Weft.Scheduler.Core;

namespace Weft.Simulation.Tests;

/// <summary>
/// A worker whose memory is near its limit begins neither tasks nor fetches; and once the scheduler has heard of it, it is given no task and no copy.
/// </summary>
internal sealed class PausedWorkersBeginNothing(Simulation simulation) : Checker(simulation)
{
    /// <summary>What the scheduler has heard, by its number of the worker.</summary>
    private readonly Dictionary<int, ulong> _heard = [];

    /// <summary>Pauses that the scheduler heard of.</summary>
    public long Heard { get; private set; }

    public override void BeforeApply(SchedulerEvent happened)
    {
        if (happened is WorkerJoined joined)
        {
            _heard[joined.Worker.Value] = joined.Pauses;
        }
        else if (happened is WorkerSpoke spoke && spoke.Pauses > _heard.GetValueOrDefault(spoke.Worker.Value))
        {
            _heard[spoke.Worker.Value] = spoke.Pauses;
            Heard += (long)(spoke.Pauses % 2);
        }
    }

    public override void OnAction(in SchedulerAction action)
    {
        if (action.Kind is ActionKind.Assign or ActionKind.SendCopies && _heard.GetValueOrDefault(action.Target) % 2 == 1)
        {
            throw Simulation.Failure($"{action.Run}: {action.Kind} to worker {action.Target}, which is known to be paused.", action.Run.First);
        }
    }

    public override void BeforeOrders(WorkerProcess process)
    {
        if (process.Core.IsPaused && process.Actions.Runs.Count + process.Actions.Fetches.Count > 0)
        {
            var task = process.Actions.Runs.Count > 0 ? process.Actions.Runs[0].Run.First : process.Actions.Fetches[0].Tasks[0];
            throw Simulation.Failure($"{task} is begun, or fetched, by worker {process.Address}, which is paused.", task);
        }
    }

    /// <summary>Nor does what it was at begin anything but what was on its way to the slot.</summary>
    public override void OnBegun(TaskId task, WorkerProcess process, long beganUs)
    {
        if (process.Core.IsPaused && beganUs > Math.Max(process.MemoryFilledUs + WorkerProcess.YieldUsMax, process.StoodStillUntilUs))
        {
            throw Simulation.Failure($"{task} began at {beganUs} us on worker {process.Address}, which is paused since {process.MemoryFilledUs} us.", task);
        }
    }
}
