using System.Text;
using Weft.Primitives;
using Weft.Scheduler.Core;

namespace Weft.Simulation.Tests;

/// <summary>
/// What was at a supervised worker when it was lost, any of which may have killed it, is given to nobody before the supervisor has told what ran, the
/// worker has come back, or the time to tell is over. Seen from outside: by what was ordered and said. A scheduler that begins knows of no suspicion.
/// </summary>
internal sealed class SuspectsWait(Simulation simulation) : Checker(simulation)
{
    private static readonly long WaitMs = new SchedulerOptions().BlameWaitMs;

    /// <summary>Connected workers by incarnation, and incarnations of the supervised ones.</summary>
    private readonly Dictionary<string, int> _workers = [];

    private readonly HashSet<string> _supervised = [];

    /// <summary>Where tasks are that were ordered to run and are not known to have ended or come back.</summary>
    private readonly Dictionary<TaskId, int> _at = [];

    /// <summary>Since when tasks wait, and of which worker's death they may be the cause.</summary>
    private readonly Dictionary<TaskId, (string Incarnation, int Worker, long LostMs)> _suspects = [];

    /// <summary>They were about to leave before the event that happens, or are from it on, or say goodbye in it: nothing is held against what ran there.</summary>
    private readonly HashSet<int> _mayGo = [];

    private readonly HashSet<string> _told = [];

    public override void OnBegunAgain(IReadOnlyList<SchedulerFact> facts)
    {
        _workers.Clear();
        _at.Clear();
        _suspects.Clear();
        _told.Clear();
    }

    public override void BeforeApply(SchedulerEvent happened)
    {
        _mayGo.Clear();
        _mayGo.UnionWith(_workers.Values.Where(worker => Simulation.Scheduler.Core.LoadOf(new WorkerId(worker)).Leaving is not null));
        switch (happened)
        {
            case WorkerLost { IsGraceful: true } lost:
                _mayGo.Add(lost.Worker.Value);
                break;
            case DrainAsked asked:
                _mayGo.UnionWith(asked.Workers.Select(static worker => worker.Value));
                break;
            case WorkerSpoke { Leaving: not null } spoke:
                _mayGo.Add(spoke.Worker.Value);
                break;
            case WorkerDied died:
                _told.Add(NameOf(died.Incarnation));
                break;
        }
    }

    public override void OnFact(SchedulerFact fact)
    {
        switch (fact)
        {
            case WorkerWent went when _workers.Remove(NameOf(went.Incarnation), out var worker):
                Lose(NameOf(went.Incarnation), worker);
                break;
            case ResultsAccepted accepted:
                Forget(accepted.Run);
                break;
            case TasksFailed failed:
                Forget(failed.Run);
                break;
        }
    }

    public override void AfterApply(SchedulerEvent happened)
    {
        switch (happened)
        {
            case WorkerJoined joined:
                Come(joined);
                break;
            case WorkerDied died:
                EndSuspicion(NameOf(died.Incarnation));
                break;
            case WorkerSpoke spoke:
                foreach (var run in spoke.Retracted.Select(static run => run.Run).Concat(spoke.Failed.Select(static failed => new TaskRun(failed.Task))))
                {
                    ForgetUnlessThere(run);
                }

                break;
        }
    }

    public override void OnAction(in SchedulerAction action)
    {
        switch (action.Kind)
        {
            case ActionKind.Cancel:
                // Taken back, perhaps in the very turn in which the worker was lost.
                for (var i = 0; i < action.Run.Count; i++)
                {
                    var task = action.Run.First + i;
                    if (_at.TryGetValue(task, out var worker) && worker == action.Target)
                    {
                        _at.Remove(task);
                    }

                    if (_suspects.TryGetValue(task, out var suspicion) && suspicion.Worker == action.Target)
                    {
                        _suspects.Remove(task);
                    }
                }

                break;
            case ActionKind.Assign:
                for (var i = 0; i < action.Run.Count; i++)
                {
                    var task = action.Run.First + i;
                    Require(task);
                    _at[task] = action.Target;
                }

                break;
        }
    }

    private static string NameOf(ReadOnlyMemory<byte> incarnation) => Encoding.UTF8.GetString(incarnation.Span);

    private void Come(WorkerJoined joined)
    {
        var incarnation = NameOf(joined.Description.Incarnation);
        _workers[incarnation] = joined.Worker.Value;
        if (joined.Description.IsSupervised)
        {
            _supervised.Add(incarnation);
        }

        EndSuspicion(incarnation);
    }

    private void Lose(string incarnation, int worker)
    {
        var tasks = _at.Where(at => at.Value == worker).Select(static at => at.Key).ToList();
        foreach (var task in tasks)
        {
            _at.Remove(task);
            if (_supervised.Contains(incarnation) && !_mayGo.Contains(worker) && !_told.Contains(incarnation))
            {
                _suspects[task] = (incarnation, worker, Simulation.Clock.NowMs);
            }
        }
    }

    private void EndSuspicion(string incarnation)
    {
        foreach (var task in _suspects.Where(suspect => suspect.Value.Incarnation == incarnation).Select(static suspect => suspect.Key).ToList())
        {
            _suspects.Remove(task);
        }
    }

    private void Forget(TaskRun run)
    {
        for (var i = 0; i < run.Count; i++)
        {
            _at.Remove(run.First + i);
        }
    }

    private void ForgetUnlessThere(TaskRun run)
    {
        for (var i = 0; i < run.Count; i++)
        {
            if (Simulation.Scheduler.Core.PhaseOf(run.First + i) is not (TaskPhase.Assigned or TaskPhase.Running))
            {
                _at.Remove(run.First + i);
            }
        }
    }

    private void Require(TaskId task)
    {
        if (_suspects.TryGetValue(task, out var suspicion) && Simulation.Clock.NowMs < suspicion.LostMs + WaitMs)
        {
            throw Simulation.Failure($"{task} is given to a worker, and {suspicion.Incarnation} may have died of it: its supervisor has not told.", task);
        }
    }
}
