using Weft.Primitives;
using Weft.Scheduler.Core;

namespace Weft.Simulation.Tests;

/// <summary>
/// What has ended well is given to a worker again only after its result was freed or all its copies were lost. A result that came to the scheduler
/// itself is never lost, but with the end of a journal. Seen from outside: by what was ordered, noted and said.
/// </summary>
internal sealed class RunsAgainOnlyWhenLost(Simulation simulation) : Checker(simulation)
{
    private readonly Dictionary<TaskId, Attempt> _given = [];
    private readonly Dictionary<TaskId, Attempt> _accepted = [];
    private readonly HashSet<TaskId> _inline = [];

    /// <summary>Connected workers, by number, that have said that they hold a result and were not told to free it.</summary>
    private readonly Dictionary<TaskId, HashSet<int>> _copies = [];

    /// <summary>Who has said in this turn that an attempt ended and that it holds the result.</summary>
    private readonly Dictionary<(TaskId, Attempt), int> _reported = [];

    /// <summary>Somebody could not get them, whoever says to hold them.</summary>
    private readonly HashSet<TaskId> _missed = [];

    private uint _epoch;

    public override void BeforeApply(SchedulerEvent happened)
    {
        if (_epoch != Simulation.Scheduler.Epoch)
        {
            // Nobody is connected to the new one; who holds results says so when he comes.
            _epoch = Simulation.Scheduler.Epoch;
            _copies.Clear();
        }

        switch (happened)
        {
            case WorkerLost lost:
                Lose(lost.Worker.Value);
                break;
            case WorkerSpoke spoke:
                _missed.UnionWith(spoke.Missing.SelectMany(TasksOf));
                foreach (var completed in spoke.Completed.Where(completed => completed.IsStored))
                {
                    Report(spoke.Worker, completed.Run, completed.Attempt);
                }

                break;
            case WorkerJoined joined:
                foreach (var stored in joined.Stored)
                {
                    Report(joined.Worker, stored.Run, stored.Attempt);
                }

                break;
        }
    }

    public override void AfterApply(SchedulerEvent happened)
    {
        switch (happened)
        {
            case WorkerSpoke spoke:
                foreach (var task in spoke.Held.SelectMany(TasksOf).Where(task => Simulation.Scheduler.Core.PhaseOf(task) == TaskPhase.Done))
                {
                    Hold(task, spoke.Worker.Value);
                }

                break;
            case WorkerJoined joined:
                foreach (var stored in joined.Stored)
                {
                    foreach (var task in TasksOf(stored.Run).Where(task => IsLast(task, stored.Attempt)))
                    {
                        Hold(task, joined.Worker.Value);
                    }
                }

                break;
        }
    }

    public override void OnFact(SchedulerFact fact)
    {
        if (fact is not ResultsAccepted accepted)
        {
            return;
        }

        foreach (var task in TasksOf(accepted.Run))
        {
            _accepted[task] = accepted.Attempt;
            if (accepted.StoredBytes.Count == 0)
            {
                _inline.Add(task);
            }
            else if (_reported.TryGetValue((task, accepted.Attempt), out var worker))
            {
                Hold(task, worker);
            }
        }
    }

    public override void OnFactLost(SchedulerFact fact)
    {
        if (fact is ResultsAccepted accepted)
        {
            foreach (var task in TasksOf(accepted.Run))
            {
                _accepted.Remove(task);
                _inline.Remove(task);
            }
        }
    }

    public override void OnAction(in SchedulerAction action)
    {
        switch (action.Kind)
        {
            case ActionKind.Assign:
                foreach (var task in TasksOf(action.Run))
                {
                    Require(!_inline.Contains(task), task, "runs again, and its result is at the scheduler");
                    Require(!_accepted.ContainsKey(task) || _copies.GetValueOrDefault(task) is not { Count: > 0 }, task, "runs again, and there are copies of its result");
                    _given[task] = action.Attempt;
                }

                break;
            case ActionKind.Free:
                foreach (var task in TasksOf(action.Run))
                {
                    var isFreed = _copies.TryGetValue(task, out var holders) && holders.Remove(action.Target);
                    Require(!isFreed || _missed.Contains(task) || !IsToRun(task) || WasLetGo(task), task, "is to run again, and its copies are freed though nobody missed them");
                }

                break;
            case ActionKind.DismissWorker or ActionKind.RestartWorker:
                Lose(action.Target);
                break;
        }
    }

    public override void AfterTurn() => _reported.Clear();

    private static IEnumerable<TaskId> TasksOf(TaskRun run)
    {
        for (var i = 0; i < run.Count; i++)
        {
            yield return run.First + i;
        }
    }

    /// <summary>Its client holds it, so it was never let go of in between.</summary>
    private bool IsToRun(TaskId task) =>
        Simulation.ClientOf(task) is { IsDead: false } client && client.PhaseOfHeld((int)task.Sequence) is not null && _accepted.ContainsKey(task) && Simulation.Scheduler.Core.PhaseOf(task) is TaskPhase.Waiting or TaskPhase.Ready or TaskPhase.Assigned or TaskPhase.Running;

    /// <summary>In this very turn nobody wanted it, and then somebody did: a consumer was cancelled and retried in one batch.</summary>
    private bool WasLetGo(TaskId task) =>
        Simulation.Scheduler.Core.Story(task).Contains($"{Simulation.Clock.NowMs} ms  {task} -> Released: released", StringComparison.Ordinal);

    private bool IsLast(TaskId task, Attempt attempt) =>
        _accepted.TryGetValue(task, out var accepted) && accepted == attempt && _given.TryGetValue(task, out var given) && given == attempt
        && Simulation.Scheduler.Core.PhaseOf(task) == TaskPhase.Done;

    private void Report(WorkerId worker, TaskRun run, Attempt attempt)
    {
        foreach (var task in TasksOf(run))
        {
            _reported[(task, attempt)] = worker.Value;
        }
    }

    private void Hold(TaskId task, int worker)
    {
        if (Simulation.Scheduler.ProcessOf(worker) is not null)
        {
            if (!_copies.TryGetValue(task, out var holders))
            {
                _copies.Add(task, holders = []);
            }

            holders.Add(worker);
        }
    }

    private void Lose(int worker)
    {
        foreach (var holders in _copies.Values)
        {
            holders.Remove(worker);
        }
    }

    private void Require(bool holds, TaskId task, string rule)
    {
        if (!holds)
        {
            throw Simulation.Failure($"{task} {rule}.", task);
        }
    }
}
