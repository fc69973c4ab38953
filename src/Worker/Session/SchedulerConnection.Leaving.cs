using V1 = Weft.Protocol.V1;

namespace Weft.Worker;

/// <summary>How the worker goes when it wants to: it asks the scheduler to be let go, and waits for its answer as long as it may.</summary>
internal sealed partial class SchedulerConnection
{
    /// <summary>How soon a store that has become empty is noticed.</summary>
    private static readonly TimeSpan LeaveLook = TimeSpan.FromMilliseconds(50);

    private volatile LeaveOrder? _leaveOrder;

    /// <summary>
    /// Begins nothing new, lets what runs end, and stays while others fetch what only it holds. It goes when the scheduler stops it, when it runs and
    /// holds nothing any more, or when its time is up. With the goodbye nothing is held against what ran here.
    /// </summary>
    public async Task LeaveAsync(LeaveOrder order)
    {
        Hurry(order);
        if (Session is { } session)
        {
            var drained = session.DrainAsync();
            while (!_leaveOrder!.IsOver && !_ended.Task.IsCompleted && !(drained.IsCompleted && session.Store.Bytes == 0))
            {
                await Task.WhenAny(drained.IsCompleted ? _ended.Task : drained, _ended.Task, Task.Delay(LeaveLook)).ConfigureAwait(false);
            }

            if (drained.IsCompleted && !_ended.Task.IsCompleted)
            {
                _saidGoodbye = true;
                await Task.WhenAny(session.Outbox.SayGoodbyeAsync(""), Task.Delay(FarewellTimeout)).ConfigureAwait(false);
                await Task.WhenAny(_ended.Task, Task.Delay(FarewellTimeout)).ConfigureAwait(false);
            }
        }

        await _leaving.CancelAsync().ConfigureAwait(false);
    }

    /// <summary>Another order of the same kind: the earlier deadline counts.</summary>
    public void Hurry(LeaveOrder order)
    {
        _leaveOrder = _leaveOrder is { } before ? order with { DeadlineMs = Math.Min(before.DeadlineMs, order.DeadlineMs) } : order;
        Session?.Outbox.Leave(new V1.Leaving { Reason = _leaveOrder.Reason, WithinMs = (ulong)_leaveOrder.LeftMs });
    }
}
