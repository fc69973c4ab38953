using Weft.Primitives;
using Weft.Scheduler.Core;

namespace Weft.Simulation.Tests;

/// <summary>
/// What is not idempotent begins once, and once more for each retry that it was given or that its user asked for; but after a loss of power, with what
/// was noted. That it may have begun is noted before it is sent.
/// </summary>
internal sealed class RunsAreCounted(Simulation simulation) : Checker(simulation)
{
    /// <summary>When and where.</summary>
    private readonly Dictionary<TaskId, List<(long Us, string Worker)>> _begun = [];

    private readonly Dictionary<TaskId, int> _askedFor = [];
    private readonly HashSet<TaskId> _isForgotten = [];
    private readonly HashSet<TaskId> _isNoted = [];

    public override void OnBegun(TaskId task, WorkerProcess process, long beganUs)
    {
        if (Simulation.OptionsOf(task) is not { NotIdempotent: true } options)
        {
            return;
        }

        if (!_begun.TryGetValue(task, out var begun))
        {
            _begun.Add(task, begun = []);
        }

        begun.Add((Simulation.Clock.NowUs, process.Address));
        var allowed = (1 + options.Retries) * (1 + _askedFor.GetValueOrDefault(task));
        if (begun.Count > allowed && !_isForgotten.Contains(task))
        {
            throw Simulation.Failure($"{task} is not idempotent, and begins for the {begun.Count}. time, where {allowed} are allowed: {string.Join(", ", begun.Select(one => $"at {one.Us} us on {one.Worker}"))}.", task);
        }
    }

    public override void OnFact(SchedulerFact fact)
    {
        if (fact is AttemptsSpent { MayHaveBegun: true } noted)
        {
            _isNoted.Add(noted.Task);
        }
        else if (fact is AttemptsSpent spent)
        {
            _isNoted.Remove(spent.Task);
        }
        else if (fact is TasksRetried retried)
        {
            foreach (var run in retried.Runs)
            {
                for (var i = 0; i < run.Count; i++)
                {
                    _askedFor[run.First + i] = _askedFor.GetValueOrDefault(run.First + i) + 1;
                }
            }
        }
    }

    public override void OnAction(in SchedulerAction action)
    {
        for (var i = 0; i < action.Run.Count && action.Kind == ActionKind.Assign; i++)
        {
            var task = action.Run.First + i;
            if (Simulation.OptionsOf(task).NotIdempotent && !_isNoted.Contains(task))
            {
                throw Simulation.Failure($"{task} is not idempotent and is sent to a worker, and it is not noted that it may have begun.", task);
            }
        }
    }

    public override void OnFactLost(SchedulerFact fact)
    {
        if (fact is AttemptsSpent spent)
        {
            _isForgotten.Add(spent.Task);
            _isNoted.Remove(spent.Task);
        }
    }
}
