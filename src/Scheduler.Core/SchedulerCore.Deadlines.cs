using System.Globalization;
using Weft.Primitives;

namespace Weft.Scheduler.Core;

/// <summary>What happens because time passes: sessions and leases end, and tasks that no worker takes are given up.</summary>
public sealed partial class SchedulerCore
{
    /// <summary>A deadline that is seen so late shows that the scheduler itself stood still: its machine slept, or it was stopped.</summary>
    private const long StoodStillMs = 1_000;

    private readonly PriorityQueue<TaskRun, (long DueMs, ulong First)> _queueDeadlines = new();

    /// <summary>Of tasks that began to wait by themselves, when their present wait is over: deadlines of earlier waits are void. An entry goes with its deadline.</summary>
    private readonly Dictionary<TaskId, long> _waitsUntilMs = [];

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

    /// <summary>The time of a task that waits once more begins anew: between its waits it had a worker.</summary>
    private void WatchQueueTime(TaskId id, TaskOptions options)
    {
        if (options.QueueTimeoutMs > 0)
        {
            WatchQueueTime(new TaskRun(id), options);
            _waitsUntilMs[id] = _nowMs + options.QueueTimeoutMs;
        }
    }

    private void ExpireDeadlines()
    {
        var earliest = NextDeadlineMs;
        if (_nowMs < earliest)
        {
            return;
        }

        if (_nowMs - earliest > StoodStillMs)
        {
            GiveTimeToSpeak();
        }

        foreach (var session in _sessions.Values.Where(session => session.ExpiresMs <= _nowMs).ToList())
        {
            _actions.Add(new SchedulerAction(ActionKind.EndSession, (int)session.Id.Value, default) { Text = "Its client did not come back in time." });
            CloseSession(session);
        }

        foreach (var worker in _workers.Values.Where(worker => worker.LastHeardMs + _options.WorkerLeaseMs <= _nowMs).ToList())
        {
            _actions.Add(new SchedulerAction(ActionKind.Warn, worker.Id.Value, default)
            {
                Text = string.Create(CultureInfo.InvariantCulture, $"worker '{worker.Description.Name}' is lost: nothing was heard of it for {_options.WorkerLeaseMs / 1000.0:0.#} s."),
            });
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
                ExpireQueued(run.First + i, due.DueMs);
            }
        }
    }

    /// <summary>What was said meanwhile has not been read: who seems silent may have spoken, or knocked to come back.</summary>
    private void GiveTimeToSpeak()
    {
        foreach (var worker in _workers.Values)
        {
            worker.LastHeardMs = Math.Max(worker.LastHeardMs, _nowMs - (_options.WorkerLeaseMs * 3 / 4));
        }

        foreach (var session in _sessions.Values)
        {
            session.ExpiresMs = Math.Max(session.ExpiresMs, _nowMs + (_options.SessionKeepMs / 4));
        }

        if (IsRecovering)
        {
            _recoveryEndsMs = Math.Max(_recoveryEndsMs, _nowMs + (_options.WorkerLeaseMs / 4));
        }

        for (var i = 0; i < _suspicions.Count; i++)
        {
            _suspicions[i] = _suspicions[i] with { DueMs = Math.Max(_suspicions[i].DueMs, _nowMs + (_options.BlameWaitMs / 4)) };
        }
    }

    private void ExpireQueued(TaskId id, long dueMs)
    {
        if (_waitsUntilMs.TryGetValue(id, out var untilMs) && (untilMs != dueMs || !_waitsUntilMs.Remove(id)))
        {
            return;
        }

        var slot = _tasks.Find(id);
        if (slot < 0 || _tasks.Phase[slot] != TaskPhase.Ready)
        {
            return;
        }

        var shape = SubmissionOf(slot).Shape;
        if (Has(slot, TaskFlags.Suspected))
        {
            // It is not for want of a worker that it waits.
            WatchQueueTime(id, SubmissionOf(slot).Spec.Options);
            return;
        }

        var why = _workers.Count == 0
            ? "there are no workers"
            : _workers.Values.Any(worker => worker.Leave is null && shape.Suits(worker))
                ? "the workers that could run it were busy, or paused"
                : $"none of the {_workers.Count} workers is valid: it needs {shape.Describe()}";
        Fail(slot, TaskError.Of(ErrorKind.NoValidWorker, id, $"The task {id} was not begun within its queue timeout: {why}."), "queue timeout");
    }
}
