using Weft.Primitives;

namespace Weft.Client.Core;

public sealed partial class SessionCore
{
    private void OnSubmissionsAcknowledged(ulong upToSequence, SessionActionList actions)
    {
        if (!IsOnline)
        {
            Dropped.Add(DropReason.NotConnected);
            return;
        }

        var hadRoom = HasRoom;
        _submissions.Acknowledge(upToSequence);
        if (!hadRoom && HasRoom)
        {
            actions.Add(SessionAction.Admit());
        }
    }

    private void OnOutcomeTold(long time, SessionEvent.OutcomeTold told, SessionActionList actions)
    {
        if (!TryHear(told.Tasks, out var first, out var end))
        {
            return;
        }

        for (var sequence = first; sequence < end;)
        {
            var count = _futures.EqualRun(sequence, end, out var state);
            if ((sequence < ForgottenBelow ? DropReason.ForgottenTask : ReasonToDrop(state.Phase, told.Phase)) is { } reason)
            {
                Dropped.Add(reason, count);
            }
            else
            {
                // A want stays open until the value comes, or until it is known that none will.
                var flags = told.Phase is FuturePhase.Done or FuturePhase.Pending ? state.Flags & FutureFlags.Wanted : FutureFlags.None;
                var part = RunAt(sequence, count);
                _futures.Set(sequence, count, new FutureState(told.Phase, flags), told.Error);
                _story.Add(time, PhaseText(told.Phase), part);
                actions.Add(SessionAction.Tell(part, told.Phase, told.Error));
            }

            sequence += (ulong)count;
        }
    }

    private static DropReason? ReasonToDrop(FuturePhase known, FuturePhase told) => (known, told) switch
    {
        (FuturePhase.Released, _) => DropReason.ReleasedTask,
        (_, FuturePhase.Lost or FuturePhase.Released) => DropReason.Malformed,
        (FuturePhase.Failed or FuturePhase.Cancelled, FuturePhase.Failed or FuturePhase.Cancelled) => DropReason.Duplicate,
        _ when known == told => DropReason.Duplicate,
        _ => null,
    };

    private void OnValuesArrived(long time, SessionEvent.ValuesArrived arrived, SessionActionList actions)
    {
        if (!arrived.Values.IsWellFormed(Math.Max(arrived.Tasks.Count, 0)))
        {
            Dropped.Add(DropReason.Malformed);
            return;
        }

        if (!TryHear(arrived.Tasks, out var first, out var end))
        {
            return;
        }

        for (var sequence = first; sequence < end;)
        {
            var count = _futures.EqualRun(sequence, end, out var state);
            if (TryAnswerWant(time, sequence, count, state, actions))
            {
                var offset = (int)(sequence - first);
                actions.Add(SessionAction.Deliver(RunAt(sequence, count), arrived.Values.Slice(offset, count)));
            }

            sequence += (ulong)count;
        }
    }

    private void OnResultLocated(long time, SessionEvent.ResultLocated located, SessionActionList actions)
    {
        if (TryHear(new TaskRun(located.Task), out var sequence, out _)
            && TryAnswerWant(time, sequence, count: 1, _futures[sequence], actions))
        {
            actions.Add(SessionAction.Fetch(located.Task, located.Location));
        }
    }

    /// <summary>Closes the open want of a run, which is done whether or not its outcome has been told. False when nothing was wanted.</summary>
    private bool TryAnswerWant(long time, ulong sequence, int count, FutureState state, SessionActionList actions)
    {
        if (!state.Has(FutureFlags.Wanted))
        {
            Dropped.Add(state.Phase == FuturePhase.Released ? DropReason.ReleasedTask : DropReason.NotWanted, count);
            return false;
        }

        var part = RunAt(sequence, count);
        _futures.Set(sequence, count, new FutureState(FuturePhase.Done));
        _story.Add(time, "result came", part);
        if (state.Phase != FuturePhase.Done)
        {
            actions.Add(SessionAction.Tell(part, FuturePhase.Done, error: null));
        }

        return true;
    }

    private bool TryHear(TaskRun run, out ulong first, out ulong end)
    {
        if (!IsOnline)
        {
            Dropped.Add(DropReason.NotConnected);
            (first, end) = (0, 0);
            return false;
        }

        return TryOurs(run, out first, out end);
    }

    private static string PhaseText(FuturePhase phase) => phase switch
    {
        FuturePhase.Pending => "outcome taken back",
        FuturePhase.Done => "done",
        FuturePhase.Failed => "failed",
        FuturePhase.Cancelled => "cancelled",
        FuturePhase.Lost => "lost",
        FuturePhase.Released => "released",
    };
}
