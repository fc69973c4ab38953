using Weft.Primitives;
using Weft.Scheduler.Core;

namespace Weft.Simulation.Tests;

/// <summary>
/// At most one result is accepted of an attempt, and only of the attempt that was given out last, from the worker it was given to.
/// Seen from outside: which members of a report were at a worker before it and are not after it.
/// </summary>
internal sealed class AttemptsAreAcceptedOnce(Simulation simulation) : Checker(simulation)
{
    private readonly Dictionary<TaskId, (Attempt Attempt, int Worker)> _given = [];
    private readonly HashSet<(TaskId, Attempt)> _accepted = [];
    private readonly List<TaskId> _open = [];
    private long _completedBefore;

    public override void OnAction(in SchedulerAction action)
    {
        if (action.Kind == ActionKind.Assign)
        {
            for (var i = 0; i < action.Run.Count; i++)
            {
                _given[action.Run.First + i] = (action.Attempt, action.Target);
            }
        }
    }

    public override void BeforeApply(SchedulerEvent happened)
    {
        _open.Clear();
        _completedBefore = Simulation.Scheduler.Core.Completed;
        if (happened is WorkerSpoke spoke)
        {
            foreach (var completed in spoke.Completed)
            {
                Collect(completed.Run);
            }
        }
    }

    public override void AfterApply(SchedulerEvent happened)
    {
        if (happened is not WorkerSpoke spoke || spoke.Completed.Count == 0)
        {
            return;
        }

        var core = Simulation.Scheduler.Core;
        var open = _open.ToHashSet();
        var accepted = 0L;
        foreach (var completed in spoke.Completed)
        {
            for (var i = 0; i < completed.Run.Count; i++)
            {
                var task = completed.Run.First + i;
                if (open.Contains(task) && !IsAtWorker(core, task) && _given[task] == (completed.Attempt, spoke.Worker.Value) && open.Remove(task))
                {
                    accepted++;
                    Require(_accepted.Add((task, completed.Attempt)), task, $"its attempt {completed.Attempt} was accepted twice");
                }
            }
        }

        Require(core.Completed - _completedBefore <= accepted, _open.FirstOrDefault(), "a result was accepted of an attempt that is not the task's, or of a task that is not at that worker");
    }

    private void Collect(TaskRun run)
    {
        for (var i = 0; i < run.Count; i++)
        {
            if (IsAtWorker(Simulation.Scheduler.Core, run.First + i))
            {
                _open.Add(run.First + i);
            }
        }
    }

    private static bool IsAtWorker(SchedulerCore core, TaskId task) => core.PhaseOf(task) is TaskPhase.Assigned or TaskPhase.Running;

    private void Require(bool holds, TaskId task, string rule)
    {
        if (!holds)
        {
            throw Simulation.Failure($"{task}: {rule}.", task);
        }
    }
}
