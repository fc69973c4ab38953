using Weft.Primitives;

namespace Weft.Scheduler.Core;

/// <summary>Results on their way to another holder, because theirs leaves, because they are to have more, or to even out what workers hold.</summary>
public sealed partial class SchedulerCore
{
    /// <summary>A result that so many workers in turn could not copy is left where it is.</summary>
    private const int CopyTriesMax = 3;

    /// <summary>Of a worker's memory, so much may be taken by copies: above it the worker would spill.</summary>
    private const double MemoryShareMax = 0.6;

    /// <summary>By slot.</summary>
    private readonly Dictionary<int, List<CopyOrder>> _copying = [];
    private readonly Dictionary<int, int> _copyFailures = [];
    private readonly HashSet<int> _uncopyable = [];
    private int _copiesUnderWay;

    /// <param name="Recipient">Who copies.</param>
    /// <param name="Bytes">Of the recipient's room.</param>
    /// <param name="For">The leaving worker on whose account it is, or none.</param>
    /// <param name="MovesFrom">The worker that lets go of it then, or none.</param>
    private readonly record struct CopyOrder(int Recipient, long Bytes, int For, int MovesFrom);

    /// <summary>The worker that stays, is not paused, holds least, has room, and does not have it yet; null: there is none.</summary>
    private WorkerEntry? RecipientFor(int slot)
    {
        WorkerEntry? best = null;
        foreach (var worker in _workers.Values)
        {
            if (MayCopy(worker, slot) && (best is null || worker.StoredBytes + worker.IncomingBytes < best.StoredBytes + best.IncomingBytes))
            {
                best = worker;
            }
        }

        return best;
    }

    private bool MayCopy(WorkerEntry worker, int slot) =>
        worker.IsOpen && !IsHeldBy(slot, worker.Id.Value) && !IsBeingCopied(slot, worker.Id.Value) && HasRoomFor(worker, SizeOf(slot));

    private static bool HasRoomFor(WorkerEntry worker, long bytes) =>
        worker.Description.MemoryLimitBytes == 0
        || worker.StoredBytes + worker.IncomingBytes + bytes <= (long)(worker.Description.MemoryLimitBytes * MemoryShareMax);

    private bool IsBeingCopied(int slot, int recipient) => _copying.TryGetValue(slot, out var orders) && orders.Exists(order => order.Recipient == recipient);

    private int CopiesFor(WorkerEntry leaving) => _copying.Values.Sum(orders => orders.Count(order => order.For == leaving.Id.Value));

    /// <summary>Has a worker copy a result from those that hold it; a value that nobody else holds it is sent.</summary>
    private void BeginCopy(int slot, WorkerEntry recipient, WorkerEntry? leaving = null, int movesFrom = TaskTable.None)
    {
        if (!_copying.TryGetValue(slot, out var orders))
        {
            _copying.Add(slot, orders = []);
        }

        var order = new CopyOrder(recipient.Id.Value, SizeOf(slot), leaving?.Id.Value ?? TaskTable.None, movesFrom);
        orders.Add(order);
        _copiesUnderWay++;
        recipient.IncomingBytes += order.Bytes;
        if (leaving?.Leave is { } leave)
        {
            leave.HandingOver++;
        }

        var isSent = Has(slot, TaskFlags.Inline) && !HoldersOf(slot).Any(IsConnected);
        _actions.Add(new SchedulerAction(isSent ? ActionKind.SendKeptValues : ActionKind.SendCopies, recipient.Id.Value, new TaskRun(_tasks.IdOf(slot))) { Confirm = isSent });
    }

    /// <summary>It has arrived, or will not. Once for each that was begun.</summary>
    private bool TryEndCopy(int slot, int recipient, out CopyOrder order)
    {
        if (!_copying.TryGetValue(slot, out var orders) || orders.FindIndex(each => each.Recipient == recipient) is not (>= 0 and var place))
        {
            order = default;
            return false;
        }

        order = orders[place];
        orders.RemoveAt(place);
        if (orders.Count == 0)
        {
            _copying.Remove(slot);
        }

        _copiesUnderWay--;
        if (_workers.TryGetValue(recipient, out var worker))
        {
            worker.IncomingBytes -= order.Bytes;
        }

        if (_workers.TryGetValue(order.For, out var leaving) && leaving.Leave is { } leave)
        {
            leave.HandingOver--;
        }

        return true;
    }

    private void OnCopied(WorkerEntry worker, int slot)
    {
        if (TryEndCopy(slot, worker.Id.Value, out var order))
        {
            _copyFailures.Remove(slot);
            if (order.MovesFrom != TaskTable.None)
            {
                _moved.Enqueue(new CopyWish(_tasks.IdOf(slot), order.MovesFrom, order.Recipient));
            }
        }

        LookAtHolders(slot);
    }

    /// <summary>Whether a worker missed a result that it was to copy: another tries.</summary>
    private bool IsFailedCopy(WorkerEntry worker, int slot)
    {
        if (!TryEndCopy(slot, worker.Id.Value, out _))
        {
            return false;
        }

        var failures = _copyFailures.GetValueOrDefault(slot) + 1;
        _copyFailures[slot] = failures;
        if (failures >= CopyTriesMax)
        {
            _uncopyable.Add(slot);
        }

        LookAtHolders(slot);
        return true;
    }

    /// <summary>A worker is gone: what it was copying is copied by others.</summary>
    private void EndCopiesOf(int worker)
    {
        foreach (var slot in _copying.Keys.Order().ToList())
        {
            if (TryEndCopy(slot, worker, out _))
            {
                LookAtHolders(slot);
            }
        }
    }

    private void ForgetCopying(int slot)
    {
        while (_copying.TryGetValue(slot, out var orders))
        {
            TryEndCopy(slot, orders[0].Recipient, out _);
        }

        _copyFailures.Remove(slot);
        _uncopyable.Remove(slot);
        _wantedHolders.Remove(slot);
    }
}
