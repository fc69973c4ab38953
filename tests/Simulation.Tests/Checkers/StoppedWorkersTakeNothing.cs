using Weft.Primitives;
using Weft.Scheduler.Core;

namespace Weft.Simulation.Tests;

/// <summary>A worker that is stopped runs nothing, and holds no result that anyone wants and that nobody holds who was not stopped; but what others tried to copy and could not.</summary>
internal sealed class StoppedWorkersTakeNothing(Simulation simulation) : Checker(simulation)
{
    /// <summary>After so many failed copies a result may be left where it is.</summary>
    private const int CopyTries = 3;

    private readonly Dictionary<TaskId, int> _missed = [];
    private readonly HashSet<string> _stopped = [];

    public long Stopped { get; private set; }

    public override void BeforeApply(SchedulerEvent happened)
    {
        if (happened is WorkerJoined joined)
        {
            // The order to stop was lost with the connection.
            _stopped.Remove(joined.Description.Address);
        }
        else if (happened is WorkerSpoke spoke)
        {
            foreach (var run in spoke.Missing)
            {
                for (var i = 0; i < run.Count; i++)
                {
                    _missed[run.First + i] = _missed.GetValueOrDefault(run.First + i) + 1;
                }
            }
        }
    }

    public override void OnAction(in SchedulerAction action)
    {
        if (action.Kind != ActionKind.StopWorker || Simulation.Scheduler.ProcessOf(action.Target) is not { } process)
        {
            return;
        }

        Stopped++;
        _stopped.Add(process.Address);
        var core = Simulation.Scheduler.Core;
        Require(core.LoadOf(action.Worker).Assigned == 0, default, $"worker {process.Address} is stopped and has something to do");
        foreach (var task in process.Stored)
        {
            if (core.PhaseOf(task) == TaskPhase.Done && !core.TryGetInlineValue(task, out _) && _missed.GetValueOrDefault(task) < CopyTries)
            {
                Require(core.HoldersOf(task).Any(holder => !_stopped.Contains(holder.Address)), task, $"worker {process.Address} is stopped, and nobody else holds the result, of {string.Join(", ", core.HoldersOf(task).Select(holder => holder.Address))}");
            }
        }
    }

    private void Require(bool holds, TaskId task, string rule)
    {
        if (!holds)
        {
            throw Simulation.Failure($"{task}: {rule}.", task);
        }
    }
}
