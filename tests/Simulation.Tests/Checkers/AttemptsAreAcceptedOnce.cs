using Weft.Primitives;
using Weft.Scheduler.Core;

namespace Weft.Simulation.Tests;

/// <summary>
/// At most one result is accepted of an attempt, and only of the attempt that was given out last: an earlier one only by a scheduler that has begun
/// since and does not know of the later. Seen from outside: by what was ordered and what was noted.
/// </summary>
internal sealed class AttemptsAreAcceptedOnce(Simulation simulation) : Checker(simulation)
{
    private readonly Dictionary<TaskId, Attempt> _given = [];
    private readonly HashSet<(TaskId, Attempt)> _accepted = [];

    public override void OnAction(in SchedulerAction action)
    {
        if (action.Kind == ActionKind.Assign)
        {
            for (var i = 0; i < action.Run.Count; i++)
            {
                _given[action.Run.First + i] = action.Attempt;
            }
        }
    }

    public override void OnFact(SchedulerFact fact)
    {
        if (fact is not ResultsAccepted accepted)
        {
            return;
        }

        for (var i = 0; i < accepted.Run.Count; i++)
        {
            var task = accepted.Run.First + i;
            Require(_given.TryGetValue(task, out var given), task, "a result was accepted that nobody was asked for");
            Require(given == accepted.Attempt || given.Epoch < Simulation.Scheduler.Epoch, task, $"its attempt {accepted.Attempt} was accepted, and {given} is its own");
            Require(_accepted.Add((task, accepted.Attempt)), task, $"its attempt {accepted.Attempt} was accepted twice");
        }
    }

    public override void OnFactLost(SchedulerFact fact)
    {
        if (fact is ResultsAccepted accepted)
        {
            for (var i = 0; i < accepted.Run.Count; i++)
            {
                _accepted.Remove((accepted.Run.First + i, accepted.Attempt));
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
