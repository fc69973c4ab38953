using Weft.Primitives;

namespace Weft.Scheduler.Core;

/// <summary>Clients: their sessions, and what they ask for.</summary>
public sealed partial class SchedulerCore
{
    private void OnSessionAttached(SessionAttached attached)
    {
        if (!_sessions.TryGetValue(attached.Session.Value, out var session))
        {
            _sessions.Add(attached.Session.Value, new SessionEntry(attached.Session));
            return;
        }

        // It came back, and may have missed anything that it was told: tell it all again.
        session.IsAttached = true;
        session.ExpiresMs = long.MaxValue;
        if (session.IsAwaited)
        {
            session.IsAwaited = false;
            Release(session.HeldBack);
        }

        session.AcknowledgedUpTo = 0;
        session.IsForgottenTold = session.ForgottenBelow == 0;
        session.Dirty.Clear();
        foreach (var page in _tasks.PagesOf(session.Id))
        {
            session.MarkDirty(page);
            _ = _tasks.Part(page, out var first);
            for (var slot = first; slot < first + TaskTable.PageSize; slot++)
            {
                if (!_tasks.IsLive(slot))
                {
                    continue;
                }

                if (IsEnded(_tasks.Phase[slot]))
                {
                    Clear(slot, TaskFlags.Told);
                }
                else
                {
                    Set(slot, TaskFlags.Told);
                }
            }
        }
    }

    private void OnSessionDetached(SessionDetached detached)
    {
        if (!_sessions.TryGetValue(detached.Session.Value, out var session))
        {
            Drops.Add(DropReason.UnknownSession);
            return;
        }

        session.IsAttached = false;
        session.ExpiresMs = _nowMs + _options.SessionKeepMs;
    }

    private void OnClientSpoke(ClientSpoke spoke)
    {
        if (!_sessions.TryGetValue(spoke.Session.Value, out var session))
        {
            Drops.Add(DropReason.UnknownSession);
            return;
        }

        AddInOrder(session, spoke.Scattered, spoke.Submissions);
        WatchSafety(session);
        foreach (var run in spoke.Wanted)
        {
            OnWanted(session, run);
        }

        foreach (var run in spoke.Cancelled)
        {
            OnCancelled(session, run);
        }

        if (spoke.Retried.Count > 0)
        {
            // What nobody needed between a cancel and a retry is gone in between: as it will be for a scheduler that reads of them.
            Settle();
        }

        foreach (var run in spoke.Retried)
        {
            OnRetried(session, run);
        }

        foreach (var run in spoke.Released)
        {
            OnReleased(session, run);
        }

        if (spoke.Goodbye)
        {
            CloseSession(session);
        }
    }

    private void OnWanted(SessionEntry session, TaskRun run)
    {
        foreach (var slot in HeldSlots(session, run))
        {
            Met.Add(_tasks.Phase[slot], TaskCause.Wanted);
            Set(slot, TaskFlags.Wanted);
            if (IsEnded(_tasks.Phase[slot]))
            {
                session.MarkDirty(new TaskRun(_tasks.IdOf(slot)));
            }
        }
    }

    private void OnCancelled(SessionEntry session, TaskRun run)
    {
        foreach (var slot in HeldSlots(session, run))
        {
            Met.Add(_tasks.Phase[slot], TaskCause.Cancelled);
            if (!IsEnded(_tasks.Phase[slot]))
            {
                var id = _tasks.IdOf(slot);
                Fail(slot, TaskError.Of(ErrorKind.Cancelled, id, $"The task {id} was cancelled."), "cancelled");
            }
        }
    }

    private void OnRetried(SessionEntry session, TaskRun run)
    {
        foreach (var slot in HeldSlots(session, run))
        {
            Met.Add(_tasks.Phase[slot], TaskCause.Retried);
            if (_tasks.Phase[slot] == TaskPhase.Failed)
            {
                // What follows comes before the next is retried: as it will for a scheduler that reads of it.
                Retry(slot);
                if (_tasks.Phase[slot] == TaskPhase.Failed)
                {
                    // It cannot run again, and who asks waits to hear so.
                    Tell(slot);
                }

                Settle();
            }
            else if (_tasks.Phase[slot] == TaskPhase.Done)
            {
                // It was retried before, on account of a dependent, and who asks now waits to hear how it ended.
                Clear(slot, TaskFlags.Told);
                session.MarkDirty(new TaskRun(_tasks.IdOf(slot)));
            }
        }
    }

    private void OnReleased(SessionEntry session, TaskRun run)
    {
        if (run.First.Session == session.Id)
        {
            // Another's would be released by whoever reads it in the journal.
            Note(new TasksReleased(run));
        }

        foreach (var slot in HeldSlots(session, run))
        {
            Met.Add(_tasks.Phase[slot], TaskCause.ReleasedByClient);
            Clear(slot, TaskFlags.Held | TaskFlags.Wanted);
            DropIfUnneeded(slot);
        }
    }

    /// <summary>The tasks of a run that are this session's and that it holds; others are counted as dropped.</summary>
    private IEnumerable<int> HeldSlots(SessionEntry session, TaskRun run)
    {
        if (run.First.Session != session.Id)
        {
            Drops.Add(DropReason.OtherSession);
            yield break;
        }

        // A run that a client names is never longer than what it has submitted.
        var count = (int)Math.Min((ulong)Math.Max(run.Count, 0), session.NextSequence - Math.Min(session.NextSequence, run.First.Sequence));
        for (var rest = new TaskRun(run.First, count); rest.Count > 0;)
        {
            var length = _tasks.Part(rest, out var slot);
            for (var i = 0; i < length && slot >= 0; i++)
            {
                if (_tasks.IsLive(slot + i) && Has(slot + i, TaskFlags.Held))
                {
                    yield return slot + i;
                }
                else
                {
                    Drops.Add(DropReason.NotHeld);
                }
            }

            rest = rest.Slice(length, rest.Count - length);
        }
    }

    /// <summary>Releases all that a session holds. Tasks that other sessions' tasks need live on.</summary>
    private void CloseSession(SessionEntry session)
    {
        Note(new SessionClosed(session.Id));
        _sessions.Remove(session.Id.Value);
        LetGoOfAll(session);
        Settle();
        Release(session.HeldBack);
    }

    private void LetGoOfAll(SessionEntry session)
    {
        foreach (var page in _tasks.PagesOf(session.Id))
        {
            _ = _tasks.Part(page, out var first);
            for (var slot = first; slot < first + TaskTable.PageSize; slot++)
            {
                // Dropping one may forget others of the page, and with the last of them the page.
                if (_tasks.IsLive(slot) && Has(slot, TaskFlags.Held))
                {
                    Clear(slot, TaskFlags.Held | TaskFlags.Wanted);
                    DropIfUnneeded(slot);
                }
            }
        }
    }
}
