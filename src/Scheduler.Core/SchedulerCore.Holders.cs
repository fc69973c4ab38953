using Weft.Primitives;

namespace Weft.Scheduler.Core;

/// <summary>Who holds which result.</summary>
public sealed partial class SchedulerCore
{
    /// <summary>Workers that hold a copy beside the one in the table's Worker column, by slot, in order of arrival.</summary>
    private readonly Dictionary<int, List<int>> _copies = [];

    /// <summary>Workers that hold a done task's result: the one that made it, if it keeps it, then the others in order of arrival.</summary>
    private IEnumerable<int> HoldersOf(int slot)
    {
        if (_tasks.Phase[slot] == TaskPhase.Done && Has(slot, TaskFlags.Kept))
        {
            yield return _tasks.Worker[slot];
        }

        if (_copies.TryGetValue(slot, out var copies))
        {
            foreach (var copy in copies)
            {
                yield return copy;
            }
        }
    }

    private bool IsHeldBy(int slot, int worker) =>
        _tasks.Phase[slot] == TaskPhase.Done
        && ((Has(slot, TaskFlags.Kept) && _tasks.Worker[slot] == worker)
            || (_copies.TryGetValue(slot, out var copies) && copies.Contains(worker)));

    private void StoreAt(WorkerEntry worker, int slot, long bytes)
    {
        Set(slot, TaskFlags.Kept);
        SetStoredSize(slot, bytes);
        worker.Stored.Add(_tasks.IdOf(slot));
        worker.StoredBytes += bytes;
    }

    private void AddCopy(int slot, int worker)
    {
        if (!_copies.TryGetValue(slot, out var copies))
        {
            copies = [];
            _copies.Add(slot, copies);
        }

        copies.Add(worker);
    }

    private void RemoveHolder(int slot, int worker)
    {
        if (!IsHeldBy(slot, worker) || Has(slot, TaskFlags.Inline))
        {
            return;
        }

        if (_tasks.Worker[slot] == worker)
        {
            Clear(slot, TaskFlags.Kept);
        }
        else
        {
            _copies[slot].Remove(worker);
        }

        if (!HoldersOf(slot).Any())
        {
            Lose(slot);
        }
    }

    /// <summary>Frees the copies of a result at workers: of a small one those beside its value here.</summary>
    private void FreeCopies(int slot)
    {
        if (_tasks.Phase[slot] != TaskPhase.Done)
        {
            return;
        }

        ForgetCopying(slot);
        var id = new TaskRun(_tasks.IdOf(slot));
        foreach (var holder in HoldersOf(slot))
        {
            if (_workers.TryGetValue(holder, out var worker))
            {
                _actions.AddRun(ActionKind.Free, holder, id);
                if (!Has(slot, TaskFlags.Inline))
                {
                    worker.StoredBytes -= SizeOf(slot);
                }
            }
        }

        _copies.Remove(slot);
        Clear(slot, TaskFlags.Kept);
    }

    /// <summary>Forgets results that a worker does not hold any more, when they have become the greater part of its list.</summary>
    private void SweepStored(WorkerEntry worker)
    {
        if (worker.Stored.Count < worker.StoredSweepAt)
        {
            return;
        }

        worker.Stored.RemoveAll(task => _tasks.Find(task) is var slot && (slot < 0 || !IsHeldBy(slot, worker.Id.Value)));
        worker.StoredSweepAt = Math.Max(1024, worker.Stored.Count * 2);
        worker.Leave?.Cursor = 0;
    }
}
