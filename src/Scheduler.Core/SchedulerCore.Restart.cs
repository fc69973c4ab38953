using System.Globalization;
using Weft.Primitives;

namespace Weft.Scheduler.Core;

/// <summary>
/// The cluster is restarted: whatever was submitted, published or scattered is cancelled and forgotten, and every worker begins anew. Sessions stay, and
/// go on with higher numbers, so nothing that is still said of the tasks of before can mean those of after. Workers that are about to leave just go.
/// </summary>
public sealed partial class SchedulerCore
{
    private const string RestartReason = "The cluster is restarted.";

    private int _restarts;

    /// <summary>How often the cluster was restarted, by all of its schedulers.</summary>
    public int Restarts => _restarts;

    /// <summary>Workers that are not about to leave: those that a restart concerns.</summary>
    public int StayingWorkers => _workers.Values.Count(static worker => worker.Leave is null);

    /// <summary>Below which sequence number a session's tasks were forgotten by restarts.</summary>
    public ulong ForgottenBelow(SessionId session) => SessionOf(session)?.ForgottenBelow ?? 0;

    private void OnRestartAsked(RestartAsked asked)
    {
        if (IsRecovering)
        {
            // Who comes back could not be told from who is new, and how many there are is not known.
            Answer(asked.Request, RequestAnswer.Recovering);
            return;
        }

        _restarts++;
        Note(new ClusterRestarted(_restarts));
        _actions.Add(new SchedulerAction(ActionKind.Warn, TaskTable.None, default)
        {
            Text = string.Create(CultureInfo.InvariantCulture, $"A client restarts the cluster: {_tasks.Live} tasks are forgotten, {StayingWorkers} workers begin anew."),
        });
        ForgetAll();
        foreach (var worker in _workers.Values.Where(static worker => worker.Leave is null).ToList())
        {
            _actions.Add(new SchedulerAction(ActionKind.RestartWorker, worker.Id.Value, default) { Text = RestartReason });
            OnWorkerLost(worker.Id, "the cluster was restarted", isGraceful: true);
        }

        Answer(asked.Request, RequestAnswer.Done);
    }

    private void ForgetAll()
    {
        foreach (var slot in _tasks.LiveSlots())
        {
            Met.Add(_tasks.Phase[slot], TaskCause.Restarted);
        }

        foreach (var name in _published.Keys.ToList())
        {
            _ = Unpublish(name);
        }

        foreach (var session in _sessions.Values)
        {
            LetGoOfAll(session);
            session.Dirty.Clear();
            session.ForgottenBelow = session.NextSequence;
            session.IsForgottenTold = session.ForgottenBelow == 0;
        }

        Settle();
        Invariant.Require(_tasks.Live == 0, "what nobody holds and nothing descends from is forgotten");
    }

    private bool WasForgotten(TaskId task) => task.Sequence < ForgottenBelow(task.Session);

    /// <summary>Whether a worker comes back with what it began before a restart, of which it has not heard; it is told.</summary>
    private bool IsFromBeforeRestart(WorkerJoined joined)
    {
        if (!joined.HasPast || joined.Restarts >= _restarts)
        {
            return false;
        }

        Note(new WorkerWent(joined.Description.Incarnation));
        _actions.Add(new SchedulerAction(ActionKind.RestartWorker, joined.Worker.Value, default) { Text = RestartReason });
        OnCameBack(joined.Description.Incarnation);
        return true;
    }
}
