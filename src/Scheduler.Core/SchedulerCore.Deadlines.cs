using Weft.Primitives;

namespace Weft.Scheduler.Core;

/// <summary>What happens because time passes: sessions and leases end, and tasks that no worker takes are given up.</summary>
public sealed partial class SchedulerCore
{
    private readonly PriorityQueue<TaskRun, (long DueMs, ulong First)> _queueDeadlines = new();

    /// <summary>When <see cref="ClockTicked"/> should come, on the clock of the events' stamps; the largest value when nothing is due.</summary>
    public long NextDeadlineMs
    {
        get
        {
            var next = _queueDeadlines.TryPeek(out _, out var due) ? Math.Min(due.DueMs, _recoveryEndsMs) : _recoveryEndsMs;
            foreach (var suspicion in _suspicions)
            {
                next = Math.Min(next, suspicion.DueMs);
            }

            foreach (var session in _sessions.Values)
            {
                next = Math.Min(next, session.ExpiresMs);
            }

            foreach (var worker in _workers.Values)
            {
                next = Math.Min(next, worker.LastHeardMs + _options.WorkerLeaseMs);
            }

            return next;
        }
    }

    private void WatchQueueTime(TaskRun run, TaskOptions options)
    {
        if (options.QueueTimeoutMs > 0)
        {
            _queueDeadlines.Enqueue(run, (_nowMs + options.QueueTimeoutMs, run.First.Value));
        }
    }

    private void ExpireDeadlines()
    {
        if (_nowMs < NextDeadlineMs)
        {
            return;
        }

        foreach (var session in _sessions.Values.Where(session => session.ExpiresMs <= _nowMs).ToList())
        {
            _actions.Add(new SchedulerAction(ActionKind.EndSession, (int)session.Id.Value, default) { Text = "Its client did not come back in time." });
            CloseSession(session);
        }

        foreach (var worker in _workers.Values.Where(worker => worker.LastHeardMs + _options.WorkerLeaseMs <= _nowMs).ToList())
        {
            _actions.Add(new SchedulerAction(ActionKind.DismissWorker, worker.Id.Value, default) { MayReturn = true, Text = "Nothing was heard of it within its lease." });
            OnWorkerLost(worker.Id, "nothing was heard of it within its lease", isGraceful: false);
        }

        ExpireSuspicions();
        if (_recoveryEndsMs <= _nowMs)
        {
            EndRecovery();
        }

        while (_queueDeadlines.TryPeek(out var run, out var due) && due.DueMs <= _nowMs)
        {
            _queueDeadlines.Dequeue();
            for (var i = 0; i < run.Count; i++)
            {
                ExpireQueued(run.First + i);
            }
        }
    }

    private void ExpireQueued(TaskId id)
    {
        var slot = _tasks.Find(id);
        if (slot < 0 || _tasks.Phase[slot] != TaskPhase.Ready)
        {
            return;
        }

        var shape = SubmissionOf(slot).Shape;
        var why = _workers.Count == 0
            ? "there are no workers"
            : _workers.Values.Any(shape.Fits)
                ? "the workers that could run it were busy"
                : $"none of the {_workers.Count} workers is valid: it needs {shape.Describe()}";
        Fail(slot, TaskError.Of(ErrorKind.NoValidWorker, id, $"The task {id} was not begun within its queue timeout: {why}."), "queue timeout");
    }
}
