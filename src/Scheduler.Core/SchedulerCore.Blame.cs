using System.Globalization;
using Weft.Primitives;

namespace Weft.Scheduler.Core;

/// <summary>
/// Who is to blame when a worker dies: what was running on it, and nothing else. With batched reports the scheduler does not know what ran. Of a worker
/// that has a supervisor it is told a moment later; until then what may have been the cause is given to nobody, or it would kill the next. Of a
/// worker without one the likely tasks are blamed at once. When nobody tells, a whole host is gone, which is nobody's fault unless it repeats.
/// </summary>
public sealed partial class SchedulerCore
{
    /// <summary>Reports that are kept for a loss that has not been noticed, and names of those that were heard. The oldest go first.</summary>
    private const int DeathReportsMax = 1024;

    private readonly List<Suspicion> _suspicions = [];
    private readonly Dictionary<string, WorkerDied> _earlyReports = [];
    private readonly HashSet<string> _heardReports = new(StringComparer.Ordinal);
    private readonly Queue<string> _heardInOrder = [];

    /// <summary>A death of which the supervisor has not told yet.</summary>
    /// <param name="Incarnation">Who died.</param>
    /// <param name="Worker">Its name.</param>
    /// <param name="Reason">How it was seen.</param>
    /// <param name="DueMs">Until when the supervisor has time to tell.</param>
    /// <param name="Tasks">All that was there: any of it may have been running.</param>
    /// <param name="Likely">What is guessed to have been, should nobody tell.</param>
    private sealed record Suspicion(string Incarnation, string Worker, string Reason, long DueMs, List<TaskId> Tasks, List<TaskId> Likely);

    /// <summary>
    /// The tasks on whose account a worker may have died: those that were running. When none was reported, the first in its
    /// queue, as many as it has slots: short tasks are not reported, and the queue is worked off in order.
    /// </summary>
    private HashSet<int> Suspects(WorkerEntry worker, List<int> assigned)
    {
        var suspects = new HashSet<int>();
        foreach (var slot in assigned)
        {
            if (_tasks.Phase[slot] == TaskPhase.Running)
            {
                suspects.Add(slot);
            }
        }

        for (var i = 0; i < assigned.Count && suspects.Count < worker.Slots && worker.Running == 0; i++)
        {
            // What was asked for may have begun before an input was lost.
            if (_tasks.Unmet[assigned[i]] == 0 || Has(assigned[i], TaskFlags.Retracting))
            {
                suspects.Add(assigned[i]);
            }
        }

        return suspects;
    }

    private static string KeyOf(ReadOnlyMemory<byte> incarnation) => Convert.ToHexString(incarnation.Span);

    /// <summary>
    /// Holds back what a supervised worker may have died of, until its supervisor tells: all that it was given. It works off its queue in silence, so
    /// the cause may be well behind what is known to run.
    /// </summary>
    private void Suspect(WorkerEntry worker, string reason, List<int> assigned, HashSet<int> likely)
    {
        if (likely.Count == 0)
        {
            return;
        }

        foreach (var slot in assigned)
        {
            Set(slot, TaskFlags.Suspected);
        }

        _suspicions.Add(new Suspicion(
            KeyOf(worker.Description.Incarnation),
            worker.Description.Name,
            reason,
            _nowMs + _options.BlameWaitMs,
            assigned.ConvertAll(_tasks.IdOf),
            likely.Order().Select(_tasks.IdOf).ToList()));
    }

    private void OnWorkerDied(WorkerDied died)
    {
        var key = KeyOf(died.Incarnation);
        if (!_heardReports.Add(key))
        {
            Drops.Add(DropReason.DuplicateReport);
            return;
        }

        _heardInOrder.Enqueue(key);
        if (_heardInOrder.Count > DeathReportsMax)
        {
            var oldest = _heardInOrder.Dequeue();
            _heardReports.Remove(oldest);
            _earlyReports.Remove(oldest);
        }

        foreach (var worker in _workers.Values)
        {
            if (worker.Description.Incarnation.Span.SequenceEqual(died.Incarnation.Span))
            {
                _earlyReports.Add(key, died);
                return;
            }
        }

        Blame(died);
        EndSuspicion(key);
    }

    /// <summary>The supervisor has told what ran.</summary>
    private void Blame(WorkerDied died)
    {
        var reason = died.Cause switch
        {
            WorkerDeathCause.OutOfMemory => $"out of memory: {died.Detail}",
            WorkerDeathCause.Hung => $"hung: {died.Detail}",
            _ => died.Detail,
        };
        foreach (var running in died.Running)
        {
            for (var i = 0; i < running.Run.Count; i++)
            {
                var slot = _tasks.Find(running.Run.First + i);
                if (slot >= 0 && !IsEnded(_tasks.Phase[slot]) && running.Attempt.Value <= _tasks.Attempt[slot].Value + 1)
                {
                    Blame(slot, died.Name, reason, died.Cause == WorkerDeathCause.OutOfMemory);
                }
            }
        }
    }

    /// <summary>One more worker died under a task; when they are too many, it is given up.</summary>
    private void Blame(int slot, string worker, string reason, bool isOutOfMemory)
    {
        _tasks.Deaths[slot] = (byte)Math.Min(byte.MaxValue, _tasks.Deaths[slot] + 1);
        NoteSpent(slot);
        if (_tasks.Deaths[slot] <= _options.AllowedFailures)
        {
            return;
        }

        var id = _tasks.IdOf(slot);
        var kind = isOutOfMemory ? ErrorKind.OutOfMemory : ErrorKind.KilledWorkers;
        Fail(slot, TaskError.Of(kind, id, string.Create(
            CultureInfo.InvariantCulture,
            $"The task {id} was running on {_tasks.Deaths[slot]} workers when they died, in as many attempts; the last was '{worker}' ({reason}).")), "gave up");
    }

    /// <summary>It is known what the worker died of, or that it did not: the others may go on.</summary>
    private void EndSuspicion(string incarnation)
    {
        for (var i = _suspicions.Count - 1; i >= 0; i--)
        {
            if (_suspicions[i].Incarnation == incarnation)
            {
                var ended = _suspicions[i];
                _suspicions.RemoveAt(i);
                ended.Tasks.ForEach(Acquit);
            }
        }
    }

    private void Acquit(TaskId task)
    {
        var slot = _tasks.Find(task);
        if (slot < 0 || !Has(slot, TaskFlags.Suspected))
        {
            return;
        }

        Clear(slot, TaskFlags.Suspected);
        if (_tasks.Phase[slot] == TaskPhase.Ready)
        {
            Enqueue(slot, "not the cause");
        }
    }

    /// <summary>Nobody told what a worker died of: its host is gone, too. The second time that happens to a task, it is blamed.</summary>
    private void ExpireSuspicions()
    {
        for (var i = _suspicions.Count - 1; i >= 0; i--)
        {
            var suspicion = _suspicions[i];
            if (suspicion.DueMs > _nowMs)
            {
                continue;
            }

            _suspicions.RemoveAt(i);
            var guesses = new List<Guess>();
            foreach (var task in suspicion.Likely)
            {
                var slot = _tasks.Find(task);
                if (slot >= 0 && Has(slot, TaskFlags.Suspected))
                {
                    guesses.Add(new Guess(task, IsBlamed: Has(slot, TaskFlags.SuspectedBefore)));
                    BlameIfRepeated(slot, suspicion);
                }
            }

            suspicion.Tasks.ForEach(Acquit);

            RememberGuesses(suspicion.Incarnation, guesses);
        }
    }

    private void BlameIfRepeated(int slot, Suspicion suspicion)
    {
        if (!Has(slot, TaskFlags.SuspectedBefore))
        {
            Set(slot, TaskFlags.SuspectedBefore);
        }
        else if (!IsEnded(_tasks.Phase[slot]))
        {
            Blame(slot, suspicion.Worker, suspicion.Reason, isOutOfMemory: false);
        }
    }
}
