using Weft.Primitives;

namespace Weft.Client.Core;

/// <summary>What a restart of the cluster leaves of a session: its tasks are cancelled for good, and their keys are free for others.</summary>
public sealed partial class SessionCore
{
    private void OnTasksForgotten(long time, ulong belowSequence, SessionActionList actions)
    {
        if (!IsOnline)
        {
            Dropped.Add(DropReason.NotConnected);
            return;
        }

        var end = Math.Min(belowSequence, _futures.Count);
        for (var sequence = ForgottenBelow; sequence < end;)
        {
            var count = _futures.EqualRun(sequence, end, out var state);
            if (state.Phase is FuturePhase.Pending or FuturePhase.Done)
            {
                var part = RunAt(sequence, count);
                var error = TaskError.Of(ErrorKind.Cancelled, part.First, "It was cancelled: the cluster was restarted.");
                _futures.Set(sequence, count, new FutureState(FuturePhase.Cancelled), error);
                _story.Add(time, "forgotten", part);
                actions.Add(SessionAction.Tell(part, FuturePhase.Cancelled, error));
            }

            sequence += (ulong)count;
        }

        ForgottenBelow = Math.Max(ForgottenBelow, end);
        _named.FreeKeysBelow(ForgottenBelow);
    }
}
