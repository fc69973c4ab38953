using Weft.Primitives;

namespace Weft.Scheduler.Core;

/// <summary>What is noted for the journal, and what follows when it is safe there.</summary>
public sealed partial class SchedulerCore
{
    private bool KeepsFacts => _options.KeepsFacts && !_isRestoring;

    private void Note(SchedulerFact fact)
    {
        if (KeepsFacts)
        {
            Facts.Add(fact);
        }
    }

    /// <summary>Notes a task's spent attempts. At a worker, all but the current one are over.</summary>
    private void NoteSpent(int slot)
    {
        if (KeepsFacts)
        {
            Facts.Add(new AttemptsSpent(_tasks.IdOf(slot), _tasks.Attempt[slot], _tasks.Retried[slot], _tasks.Deaths[slot], Has(slot, TaskFlags.MayHaveBegun)));
        }
    }

    /// <summary>A task that must not run twice has not begun after all, or may run once more.</summary>
    private void NotBegun(int slot)
    {
        if (Has(slot, TaskFlags.MayHaveBegun))
        {
            Clear(slot, TaskFlags.MayHaveBegun);
            NoteSpent(slot);
        }
    }

    /// <summary>Notes the members of a completed run from one on up to another, if any were accepted.</summary>
    private void NoteAccepted(CompletedRun completed, ref int from, int to)
    {
        if (from >= 0 && KeepsFacts)
        {
            var run = completed.Run.Slice(from, to - from);
            Facts.Add(completed.IsStored
                ? new ResultsAccepted(run, completed.Attempt) { StoredBytes = run.Count == completed.Run.Count ? completed.StoredBytes : completed.StoredBytes.Skip(from).Take(run.Count).ToArray() }
                : new ResultsAccepted(run, completed.Attempt) { Values = completed.Values.Slice(from, run.Count) });
        }

        from = -1;
    }

    /// <summary>A client's submissions are acknowledged when the facts up to here are safe: until then it keeps them.</summary>
    private void WatchSafety(SessionEntry session)
    {
        if (_options.KeepsFacts && session.NextSequence != session.WatchedSequence)
        {
            session.WatchedSequence = session.NextSequence;
            session.Unsafe.Enqueue((Facts.Noted, session.NextSequence));
        }
    }

    private void OnFactsBecameSafe(long upTo)
    {
        foreach (var session in _sessions.Values)
        {
            while (session.Unsafe.TryPeek(out var reached) && reached.Facts <= upTo)
            {
                session.SafeSequence = session.Unsafe.Dequeue().NextSequence;
            }
        }
    }
}
