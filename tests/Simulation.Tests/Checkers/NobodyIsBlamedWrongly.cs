using Weft.Primitives;
using Weft.Scheduler.Core;

namespace Weft.Simulation.Tests;

/// <summary>A task is blamed for a worker's death only when it was at that worker, and the worker neither left nor is connected.</summary>
internal sealed class NobodyIsBlamedWrongly(Simulation simulation) : Checker(simulation)
{
    /// <summary>To whom a task was sent last.</summary>
    private readonly Dictionary<TaskId, WorkerProcess> _at = [];

    private readonly Dictionary<TaskId, int> _deaths = [];
    private uint _epoch;

    /// <summary>Guesses that were not taken back.</summary>
    private readonly HashSet<(TaskId Task, WorkerProcess Worker)> _blamed = [];

    /// <summary>Dead workers of which their supervisors told what ran, by address; and what they named and is not blamed for it yet.</summary>
    private readonly Dictionary<string, HashSet<TaskId>> _told = [];

    /// <summary>Workers that are missed, by address.</summary>
    private readonly HashSet<string> _missed = [];

    /// <summary>Of these the death was noticed, or told, in the event that happens: their reports are what counts in it.</summary>
    private readonly HashSet<string> _dying = [];

    /// <summary>They said goodbye, or were about to leave when they were lost, and the scheduler knew.</summary>
    private readonly HashSet<WorkerProcess> _gone = [];

    public override void BeforeApply(SchedulerEvent happened)
    {
        _dying.Clear();
        switch (happened)
        {
            case WorkerLost lost when Simulation.Scheduler.LastProcessOf(lost.Worker.Value) is { } process
                && (lost.IsGraceful || Simulation.Scheduler.Core.LoadOf(lost.Worker).Leaving is not null):
                _gone.Add(process);
                break;
            case WorkerJoined joined when Simulation.Scheduler.ProcessOf(joined.Worker.Value) is { } back:
                // A drain is forgotten with the connection.
                _gone.Remove(back);
                break;
            case WorkerDied died:
                _dying.Add(NameOf(died.Incarnation));
                _told.TryAdd(NameOf(died.Incarnation), [.. died.Running.SelectMany(running => Enumerable.Range(0, running.Run.Count).Select(i => running.Run.First + i))]);
                break;
        }
    }

    public override void OnAction(in SchedulerAction action)
    {
        if (action.Kind == ActionKind.Assign && Simulation.Scheduler.ProcessOf(action.Target) is { } process)
        {
            for (var i = 0; i < action.Run.Count; i++)
            {
                _at[action.Run.First + i] = process;
            }
        }
    }

    public override void OnFact(SchedulerFact fact)
    {
        switch (fact)
        {
            case WorkerWent went:
                _missed.Add(NameOf(went.Incarnation));
                _dying.Add(NameOf(went.Incarnation));
                break;
            case WorkerCame came:
                _missed.Remove(NameOf(came.Incarnation));
                break;
            case AttemptsSpent spent:
                if (spent.Deaths > _deaths.GetValueOrDefault(spent.Task))
                {
                    CheckBlame(spent.Task);
                }
                else if (spent.Deaths < _deaths.GetValueOrDefault(spent.Task))
                {
                    _blamed.RemoveWhere(blamed => blamed.Task == spent.Task && Simulation.Scheduler.IsJoined(blamed.Worker));
                }

                _deaths[spent.Task] = spent.Deaths;
                break;
            case TasksRetried retried:
                foreach (var run in retried.Runs)
                {
                    for (var i = 0; i < run.Count; i++)
                    {
                        var task = run.First + i;
                        _deaths.Remove(task);
                        _blamed.RemoveWhere(blamed => blamed.Task == task);
                    }
                }

                break;
        }
    }

    public override void AfterTurn()
    {
        if (_epoch != Simulation.Scheduler.Epoch)
        {
            // Whom its predecessor suspected, nobody told it.
            _epoch = Simulation.Scheduler.Epoch;
            _blamed.Clear();
        }

        // Now that those who were sent away are away: who is connected has come back, and nothing is held against what ran there.
        foreach (var (task, process) in _blamed)
        {
            if (Simulation.Scheduler.IsJoined(process) && Simulation.Scheduler.Core.PhaseOf(task) is TaskPhase.Waiting or TaskPhase.Ready or TaskPhase.Assigned or TaskPhase.Running)
            {
                throw Simulation.Failure($"{task} is blamed for worker {process.Address}, which is connected.", task);
            }
        }
    }

    private static string NameOf(ReadOnlyMemory<byte> incarnation) => System.Text.Encoding.UTF8.GetString(incarnation.Span);

    private void CheckBlame(TaskId task)
    {
        if (!_at.TryGetValue(task, out var process))
        {
            throw Simulation.Failure($"{task} is blamed for a worker's death and was never at one.", task);
        }

        // What a supervisor named, once for each death: perhaps at a worker from which the task had been taken.
        if (_dying.Any(dead => _told.TryGetValue(dead, out var named) && named.Remove(task)))
        {
            return;
        }

        // Else it is a guess.
        if (_told.ContainsKey(process.Address))
        {
            throw Simulation.Failure($"{task} is blamed for the death of worker {process.Address}, where it did not run.", task);
        }

        if (_gone.Contains(process))
        {
            throw Simulation.Failure($"{task} is blamed for worker {process.Address}, which has left.", task);
        }

        if (!_missed.Contains(process.Address))
        {
            throw Simulation.Failure($"{task} is blamed for worker {process.Address}, which nobody misses.", task);
        }

        _blamed.Add((task, process));
    }
}
