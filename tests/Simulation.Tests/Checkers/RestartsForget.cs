using Weft.Primitives;
using Weft.Scheduler.Core;

namespace Weft.Simulation.Tests;

/// <summary>
/// After a restart of the cluster nothing of before is given to a worker, whatever happens to the scheduler, and no worker of before is connected; but when
/// the power went before it was on the disk.
/// </summary>
internal sealed class RestartsForget(Simulation simulation) : Checker(simulation)
{
    private readonly Dictionary<SessionId, ulong> _forgottenBelow = [];
    private readonly HashSet<WorkerProcess> _toBeginAnew = [];

    /// <summary>Under which number a process last joined as one that had never heard its welcome, and so has nothing of before.</summary>
    private readonly Dictionary<WorkerProcess, int> _new = [];
    private int _restarts;

    public override void AfterApply(SchedulerEvent happened)
    {
        var core = Simulation.Scheduler.Core;
        if (happened is not RestartAsked || core.Restarts == _restarts)
        {
            return;
        }

        _restarts = core.Restarts;
        if (core.LiveTasks > 0)
        {
            throw Simulation.Failure($"The cluster was restarted, and {core.LiveTasks} tasks are known.", default);
        }

        foreach (var client in Simulation.Clients.Where(static client => client.Session.Value != 0))
        {
            var below = core.ForgottenBelow(client.Session);
            _forgottenBelow[client.Session] = below;
            client.Model.Forget(below > 0 ? (int)below : client.Model.Count);
        }
    }

    public override void BeforeApply(SchedulerEvent happened)
    {
        if (happened is WorkerJoined { HasPast: false } joined && Simulation.Scheduler.LastProcessOf(joined.Worker.Value) is { } process)
        {
            _new[process] = joined.Worker.Value;
            _toBeginAnew.Remove(process);
        }
    }

    public override void OnFactLost(SchedulerFact fact)
    {
        if (fact is ClusterRestarted)
        {
            _forgottenBelow.Clear();
            _toBeginAnew.Clear();
            _restarts = 0;
        }
    }

    public override void OnAction(in SchedulerAction action)
    {
        switch (action.Kind)
        {
            case ActionKind.RestartWorker when Simulation.Scheduler.LastProcessOf(action.Target) is { } process && _new.GetValueOrDefault(process) <= action.Target:
                _toBeginAnew.Add(process);
                break;
            case ActionKind.Assign when action.Run.First.Sequence < _forgottenBelow.GetValueOrDefault(action.Run.First.Session):
                throw Simulation.Failure($"{action.Run.First} was forgotten, and is given to a worker.", action.Run.First);
        }
    }

    public override void AfterTurn()
    {
        foreach (var process in _toBeginAnew)
        {
            if (Simulation.Scheduler.IsJoined(process))
            {
                throw Simulation.Failure($"Worker {process.Address} was to begin anew, and is connected.", default);
            }
        }
    }
}
