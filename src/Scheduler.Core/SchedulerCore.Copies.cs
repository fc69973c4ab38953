using Weft.Primitives;

namespace Weft.Scheduler.Core;

/// <summary>Results on their way to another holder, because theirs leaves or because they are to have more.</summary>
public sealed partial class SchedulerCore
{
    /// <summary>A result that so many workers in turn could not copy is left where it is.</summary>
    private const int CopyTriesMax = 3;

    /// <summary>Of a worker's memory, so much may be taken by copies: above it the worker would spill.</summary>
    private const double MemoryShareMax = 0.6;

    private readonly Dictionary<int, CopyOrder> _copying = [];
    private readonly Dictionary<int, int> _copyFailures = [];
    private readonly HashSet<int> _uncopyable = [];

    /// <param name="For">The leaving worker on whose account it is, or none.</param>
    /// <param name="Recipient">Who copies.</param>
    private readonly record struct CopyOrder(int For, int Recipient);

    /// <summary>The staying worker that holds least and has room; null: there is none.</summary>
    private WorkerEntry? RecipientFor(int slot)
    {
        WorkerEntry? best = null;
        foreach (var worker in _workers.Values)
        {
            if (worker.Leave is null && !IsHeldBy(slot, worker.Id.Value) && HasRoomFor(worker, SizeOf(slot))
                && (best is null || worker.StoredBytes + worker.IncomingBytes < best.StoredBytes + best.IncomingBytes))
            {
                best = worker;
            }
        }

        return best;
    }

    private static bool HasRoomFor(WorkerEntry worker, long bytes) =>
        worker.Description.MemoryLimitBytes == 0
        || worker.StoredBytes + worker.IncomingBytes + bytes <= (long)(worker.Description.MemoryLimitBytes * MemoryShareMax);

    private void BeginCopy(int slot, WorkerEntry? leaving, WorkerEntry recipient)
    {
        _copying.Add(slot, new CopyOrder(leaving?.Id.Value ?? TaskTable.None, recipient.Id.Value));
        recipient.IncomingBytes += SizeOf(slot);
        if (leaving?.Leave is { } leave)
        {
            leave.HandingOver++;
        }

        _actions.AddRun(ActionKind.SendCopies, recipient.Id.Value, new TaskRun(_tasks.IdOf(slot)));
    }

    /// <summary>It has arrived, or will not. Once for each that was begun.</summary>
    private void EndCopy(int slot)
    {
        if (!_copying.Remove(slot, out var order))
        {
            return;
        }

        if (_workers.TryGetValue(order.Recipient, out var recipient))
        {
            recipient.IncomingBytes -= SizeOf(slot);
        }

        if (_workers.TryGetValue(order.For, out var leaving) && leaving.Leave is { } leave)
        {
            leave.HandingOver--;
        }
    }

    /// <summary>Whether a worker missed a result that it was to copy: another tries.</summary>
    private bool IsFailedCopy(WorkerEntry worker, int slot)
    {
        if (!_copying.TryGetValue(slot, out var order) || order.Recipient != worker.Id.Value)
        {
            return false;
        }

        EndCopy(slot);
        var failures = _copyFailures.GetValueOrDefault(slot) + 1;
        _copyFailures[slot] = failures;
        if (failures >= CopyTriesMax)
        {
            _uncopyable.Add(slot);
        }

        return true;
    }

    /// <summary>A worker is gone: what it was copying is copied by others.</summary>
    private void EndCopiesOf(int worker)
    {
        foreach (var slot in _copying.Where(copy => copy.Value.Recipient == worker).Select(static copy => copy.Key).Order().ToList())
        {
            EndCopy(slot);
        }
    }

    private void ForgetCopying(int slot)
    {
        EndCopy(slot);
        _copyFailures.Remove(slot);
        _uncopyable.Remove(slot);
    }
}
