using Weft.Primitives;

namespace Weft.Scheduler.Core;

/// <summary>What clients are told. Not a queue of notices: a list of tasks to look at, whose present state is told when there is room for it.</summary>
public sealed partial class SchedulerCore
{
    /// <summary>Sessions that are attached and have something to be told.</summary>
    public IEnumerable<SessionId> SessionsWithNews()
    {
        foreach (var session in _sessions.Values)
        {
            if (HasNews(session.Id))
            {
                yield return session.Id;
            }
        }
    }

    public bool HasNews(SessionId id) =>
        _sessions.TryGetValue(id.Value, out var session)
        && session.IsAttached
        && (session.Dirty.Count > 0 || session.AcknowledgedUpTo != session.SafeSequence || !session.IsForgottenTold);

    /// <summary>Adds what a session is to be told, in runs: up to about so many bytes of values and so many tasks. The rest stays for the next call.</summary>
    public void TakeNews(SessionId id, int bytesMax, int tasksMax, ActionList actions)
    {
        if (!_sessions.TryGetValue(id.Value, out var session) || !session.IsAttached)
        {
            return;
        }

        if (session.AcknowledgedUpTo != session.SafeSequence)
        {
            session.AcknowledgedUpTo = session.SafeSequence;
            actions.Add(new SchedulerAction(ActionKind.Acknowledge, (int)id.Value, new TaskRun(new TaskId(id, session.SafeSequence), 0)));
        }

        if (!session.IsForgottenTold)
        {
            session.IsForgottenTold = true;
            actions.Add(new SchedulerAction(ActionKind.TellForgotten, (int)id.Value, new TaskRun(new TaskId(id, session.ForgottenBelow), 0)));
        }

        var taken = 0;
        var bytes = 0L;
        while (taken < session.Dirty.Count && bytes < bytesMax && tasksMax > 0)
        {
            var rest = session.Dirty[taken];
            while (rest.Count > 0 && bytes < bytesMax && tasksMax > 0)
            {
                var length = _tasks.Part(rest, out var slot);
                for (var i = 0; i < length && slot >= 0; i++)
                {
                    if (_tasks.IsLive(slot + i) && Has(slot + i, TaskFlags.Held))
                    {
                        bytes += TellOne(slot + i, (int)id.Value, actions);
                    }
                }

                tasksMax -= length;
                rest = rest.Slice(length, rest.Count - length);
            }

            session.Dirty[taken] = rest;
            taken += rest.Count == 0 ? 1 : 0;
        }

        session.Dirty.RemoveRange(0, taken);
    }

    /// <returns>The bytes that telling it takes.</returns>
    private int TellOne(int slot, int session, ActionList actions)
    {
        var run = new TaskRun(_tasks.IdOf(slot));
        switch (_tasks.Phase[slot])
        {
            case TaskPhase.Done:
                if (!Has(slot, TaskFlags.Told))
                {
                    Set(slot, TaskFlags.Told);
                    AddOutcome(session, run, TaskPhase.Done, null, actions);
                }

                return Has(slot, TaskFlags.Wanted) ? TellResult(slot, session, run, actions) : 0;
            case TaskPhase.Failed:
                Set(slot, TaskFlags.Told);
                AddOutcome(session, run, TaskPhase.Failed, _errors[slot], actions);
                return 64;
            default:
                if (Has(slot, TaskFlags.Told))
                {
                    Clear(slot, TaskFlags.Told);
                    AddOutcome(session, run, TaskPhase.Waiting, null, actions);
                }

                return 0;
        }
    }

    private int TellResult(int slot, int session, TaskRun run, ActionList actions)
    {
        var stored = StoredSlot(slot);
        if (!Has(stored, TaskFlags.Inline) && IsRecovering && HoldersOf(stored).All(static holder => holder == Former))
        {
            // Told when one of them is back, or as waiting once more when none came: where it is is not known.
            if (stored != slot)
            {
                _untoldAliases.Add(_tasks.IdOf(slot));
            }

            return 0;
        }

        Clear(slot, TaskFlags.Wanted);
        if (!Has(stored, TaskFlags.Inline))
        {
            actions.Add(new SchedulerAction(ActionKind.TellHolders, session, run));
            return 64;
        }

        AddJoined(new SchedulerAction(ActionKind.SendValues, session, run), actions);
        return _tasks.ValueLength[stored] + sizeof(int);
    }

    private static void AddOutcome(int session, TaskRun run, TaskPhase phase, TaskError? error, ActionList actions) =>
        AddJoined(new SchedulerAction(ActionKind.TellOutcome, session, run) { Phase = phase, Error = error }, actions);

    /// <summary>Joins a run with one of the last two actions, because outcomes and values of neighbours come in turns.</summary>
    private static void AddJoined(SchedulerAction action, ActionList actions)
    {
        for (var back = 1; back <= 2 && back <= actions.Count; back++)
        {
            var earlier = actions[actions.Count - back];
            if (earlier.Kind == action.Kind && earlier.Target == action.Target && earlier.Phase == action.Phase
                && ReferenceEquals(earlier.Error, action.Error) && earlier.Run.End == action.Run.First
                && earlier.Run.Count < ActionList.RunMax)
            {
                actions.Replace(actions.Count - back, earlier with { Run = new TaskRun(earlier.Run.First, earlier.Run.Count + action.Run.Count) });
                return;
            }
        }

        actions.Add(action);
    }
}
