using Weft.Primitives;

namespace Weft.Scheduler.Core;

/// <summary>Makes the state of a scheduler again from the facts that an earlier one noted.</summary>
public sealed partial class SchedulerCore
{
    /// <summary>Stands in for the workers of before, of which nobody knows yet whether they come back: holder of the results that they held.</summary>
    private const int Former = -2;

    /// <summary>While restoring: ended tasks whose inputs are not remembered.</summary>
    private readonly HashSet<int> _unlinked = [];

    private bool _isRestoring;

    private TaskError? _lastRestoredError;

    /// <summary>Within a snapshot: nothing is unneeded before all of it is known.</summary>
    private bool _isRemembering;

    /// <summary>
    /// Takes over from an earlier scheduler. Until all of its workers are back, or have been waited for as long as a lease, what it knew
    /// to be unfinished is given to nobody: it may be running at one of them. Sessions wait for their clients.
    /// </summary>
    /// <param name="facts">All facts, in order. The shell's own are passed over.</param>
    /// <param name="nowMs">The time, on the clock of the events' stamps.</param>
    public void Restore(IEnumerable<SchedulerFact> facts, long nowMs)
    {
        Invariant.Require(_tasks.Live == 0 && _sessions.Count == 0 && _workers.Count == 0, "a scheduler takes over before anything else");
        _nowMs = nowMs;
        _actions = new ActionList();
        _isRestoring = true;
        foreach (var fact in facts)
        {
            Restore(fact);
            Settle();
            _actions.Clear();
        }

        foreach (var slot in _tasks.LiveSlots())
        {
            if (Has(slot, TaskFlags.Alias))
            {
                RestoreAlias(slot);
            }
            else if (_tasks.Phase[slot] == TaskPhase.Waiting && _tasks.Unmet[slot] == 0)
            {
                // An input was made again and failed, and yet it did not: it was running with what the input gave the first time.
                MakeReady(slot, "restored");
            }
        }

        _isRestoring = false;
        _lastRestoredError = null;
        foreach (var session in _sessions.Values)
        {
            session.ExpiresMs = nowMs + _options.SessionKeepMs;
            session.SafeSequence = session.NextSequence;
            session.WatchedSequence = session.NextSequence;
        }

        BeginRecovery();
    }

    private void Restore(SchedulerFact fact)
    {
        switch (fact)
        {
            case SessionOpened opened:
                _sessions.TryAdd(opened.Session.Value, new SessionEntry(opened.Session) { IsAttached = false, IsAwaited = true });
                break;
            case SessionReached reached when SessionOf(reached.Session) is { } session:
                session.NextSequence = Math.Max(session.NextSequence, reached.NextSequence);
                session.ForgottenBelow = Math.Max(session.ForgottenBelow, reached.ForgottenBelow);
                break;
            case SessionClosed closed when SessionOf(closed.Session) is { } session:
                CloseSession(session);
                break;
            case TasksSubmitted submitted when SessionOf(submitted.Submission.First.Session) is { } session:
                AddSubmission(session, submitted.Submission);
                break;
            case ValuesScattered scattered when SessionOf(scattered.Run.First.Session) is { } session:
                AddScattered(session, new ScatteredValues(scattered.Run.First, scattered.Values));
                break;
            case TasksRefused refused when SessionOf(refused.Run.First.Session) is { } session && IsNew(session, refused.Run):
                AddRefused(refused.Run, refused.Error);
                break;
            case SubmissionRemembered remembered:
                Remember(remembered);
                break;
            case SnapshotEnded:
                OnSnapshotEnded();
                break;
            case ResultsAccepted accepted:
                RestoreResults(accepted);
                break;
            case TasksFailed failed:
                RestoreFailures(failed);
                break;
            case AttemptsSpent spent:
                RestoreSpent(spent);
                break;
            case TasksRetried retried:
                RestoreRetried(retried);
                break;
            case TasksReleased released when SessionOf(released.Run.First.Session) is { } session:
                OnReleased(session, released.Run);
                break;
            case NamePublished published:
                RestorePublished(published);
                break;
            case NameUnpublished unpublished:
                _ = Unpublish(unpublished.Name);
                break;
            case ClusterRestarted restarted:
                _restarts = restarted.Number;
                ForgetAll();
                break;
            case WorkerCame came:
                Expect(came.Incarnation);
                break;
            case WorkerWent went:
                _expected.Remove(Convert.ToHexString(went.Incarnation.Span));
                break;
        }
    }

    private SessionEntry? SessionOf(SessionId id) => _sessions.GetValueOrDefault(id.Value);

    private void Remember(SubmissionRemembered remembered)
    {
        _isRemembering = true;
        var index = TaskTable.None;
        foreach (var part in remembered.Parts)
        {
            if (index == TaskTable.None || part.IsBroken != _submissions[index]!.IsBroken)
            {
                var spec = remembered.Submission;
                index = AddEntry(new SubmissionEntry(spec, ShapeOf(spec.Options), _entries++) { IsBroken = part.IsBroken, Live = 0 });
            }

            _submissions[index]!.Live += part.Run.Count;
            foreach (var slot in AddSlots(part.Run, index))
            {
                _tasks.Flags[slot] = (part.IsHeld ? TaskFlags.Held : TaskFlags.None) | (part.IsScattered ? TaskFlags.Scattered : TaskFlags.None);
                if (part.IsLinked)
                {
                    Link(slot, _submissions[index]!);
                    if (part.IsReleased)
                    {
                        Unwait(slot);
                        SetPhase(slot, TaskPhase.Released, "restored");
                        EndConsumption(slot);
                    }
                }
                else
                {
                    _unlinked.Add(slot);
                }
            }
        }
    }

    private void OnSnapshotEnded()
    {
        _isRemembering = false;
        foreach (var slot in _unlinked)
        {
            Invariant.Require(_tasks.Phase[slot] is TaskPhase.Done or TaskPhase.Failed, "what became of a task whose inputs are forgotten follows it");
        }

        _unlinked.Clear();
        foreach (var slot in _tasks.LiveSlots())
        {
            // Of a result that workers hold, it is found out when recovery ends: the one that wrote the snapshot may have been recovering, too.
            if (_tasks.Phase[slot] != TaskPhase.Done || Has(slot, TaskFlags.Inline))
            {
                DropIfUnneeded(slot);
            }
        }
    }

    private void RestoreResults(ResultsAccepted accepted)
    {
        var isStored = accepted.StoredBytes.Count > 0;
        var chunk = isStored ? TaskTable.None : _values.Add(accepted.Values.Data);
        var taken = 0;
        for (var i = 0; i < accepted.Run.Count; i++)
        {
            var slot = _tasks.Find(accepted.Run.First + i);
            if (slot < 0 || _tasks.Phase[slot] == TaskPhase.Failed || Has(slot, TaskFlags.Inline))
            {
                continue;
            }

            Unwait(slot);
            _tasks.Attempt[slot] = accepted.Attempt;
            if (!SubmissionOf(slot).Spec.Options.Idempotent)
            {
                Set(slot, TaskFlags.MayHaveBegun);
            }

            if (isStored)
            {
                _tasks.Worker[slot] = Former;
                Set(slot, TaskFlags.Kept);
                SetStoredSize(slot, accepted.StoredBytes[i]);
            }
            else
            {
                taken++;
                Clear(slot, TaskFlags.Kept);
                SetValue(slot, chunk, accepted.Values.StartOf(i), accepted.Values.LengthOf(i));
            }

            RestoreDone(slot);
        }

        if (chunk != TaskTable.None)
        {
            HoldChunk(chunk, taken);
        }
    }

    private void RestoreDone(int slot)
    {
        if (_tasks.Phase[slot] is TaskPhase.Done or TaskPhase.Released)
        {
            // It was lost and made again, of which only the second result was noted; what it was made for may turn out to be lost too.
            if (_tasks.Phase[slot] == TaskPhase.Released)
            {
                SetPhase(slot, TaskPhase.Done, "restored");
            }

            if (Has(slot, TaskFlags.Inline))
            {
                CutLineage(slot);
            }
        }
        else if (_unlinked.Contains(slot))
        {
            SetPhase(slot, TaskPhase.Done, "restored");
            WakeDependents(slot);
        }
        else
        {
            Finish(slot, "restored");
        }
    }

    /// <summary>
    /// A stored result that was let go of, as far as facts tell, and yet is needed: what consumed it was lost meanwhile, of which nothing was noted. Then it was not let go
    /// of, and who held it may still do.
    /// </summary>
    private bool TryRecall(int slot)
    {
        if (!_isRestoring || _tasks.Phase[slot] != TaskPhase.Released || _tasks.Worker[slot] != Former)
        {
            return false;
        }

        Set(slot, TaskFlags.Kept);
        SetPhase(slot, TaskPhase.Done, "restored");
        return true;
    }

    private void RestoreFailures(TasksFailed failed)
    {
        // Many tasks may have failed for one reason: it is kept once, and told in runs.
        failed = failed with { Error = _lastRestoredError = failed.Error.Equals(_lastRestoredError) ? _lastRestoredError : failed.Error };
        for (var i = 0; i < failed.Run.Count; i++)
        {
            var slot = _tasks.Find(failed.Run.First + i);
            if (slot < 0 || _tasks.Phase[slot] == TaskPhase.Failed || Has(slot, TaskFlags.Inline))
            {
                continue;
            }

            if (_unlinked.Contains(slot))
            {
                SetPhase(slot, TaskPhase.Failed, "restored");
                _errors[slot] = failed.Error;
                DetachDependents(slot);
                continue;
            }

            if (_tasks.Phase[slot] is TaskPhase.Done or TaskPhase.Released)
            {
                // Its result was lost before, of which nothing was noted.
                Clear(slot, TaskFlags.Kept);
                SetPhase(slot, TaskPhase.Waiting, "restored");
                if (!Has(slot, TaskFlags.Alias))
                {
                    BeginConsumption(slot);
                }
            }

            Fail(slot, failed.Error, "restored");
        }
    }

    private void RestoreRetried(TasksRetried retried)
    {
        var reset = new List<int>();
        foreach (var run in retried.Runs)
        {
            for (var i = 0; i < run.Count; i++)
            {
                if (_tasks.Find(run.First + i) is var slot and >= 0 && _tasks.Phase[slot] == TaskPhase.Failed)
                {
                    ResetFailed(slot, retried.Last);
                    reset.Add(slot);
                }
            }
        }

        EnqueueReset(reset);
    }

    private void RestoreSpent(AttemptsSpent spent)
    {
        var slot = _tasks.Find(spent.Task);
        if (slot < 0 || _tasks.Phase[slot] == TaskPhase.Failed)
        {
            return;
        }

        // Of one that is done: its result was lost meanwhile, of which nothing was noted. Should its holder come back after all, the attempt is the same.
        if (_tasks.Phase[slot] != TaskPhase.Done)
        {
            _tasks.Attempt[slot] = spent.Last;
        }

        _tasks.Retried[slot] = (byte)spent.Retried;
        _tasks.Deaths[slot] = (byte)spent.Deaths;
        Clear(slot, TaskFlags.MayHaveBegun);
        if (spent.MayHaveBegun)
        {
            Set(slot, TaskFlags.MayHaveBegun);
        }
    }
}
