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

    private bool IsConnected(int holder) => _workers.TryGetValue(holder, out _);

    private void StoreAt(WorkerEntry worker, int slot, long bytes)
    {
        Set(slot, TaskFlags.Kept);
        SetStoredSize(slot, bytes);
        Keep(slot, worker);
    }

    /// <summary>The worker that is named first among a result's holders has it.</summary>
    private void Keep(int slot, WorkerEntry worker)
    {
        _tasks.Worker[slot] = worker.Id.Value;
        worker.Stored.Add(_tasks.IdOf(slot));
        worker.StoredBytes += SizeOf(slot);
        if (!SubmissionOf(slot).Spec.Options.Idempotent)
        {
            WantHolders(slot, SafeHolders);
        }
    }

    /// <summary>
    /// Whether copies of a result count for what a worker holds. Those of small values beside the original here do not: they are not worth the book-keeping.
    /// </summary>
    private bool IsCounted(int slot) => !Has(slot, TaskFlags.Inline) || _tasks.ValueLength[slot] > _options.InlineBytesMax;

    private void AddCopy(int slot, WorkerEntry worker)
    {
        if (!_copies.TryGetValue(slot, out var copies))
        {
            copies = [];
            _copies.Add(slot, copies);
        }

        copies.Add(worker.Id.Value);
        if (IsCounted(slot))
        {
            worker.Stored.Add(_tasks.IdOf(slot));
            worker.StoredBytes += SizeOf(slot);
        }
    }

    private void RemoveHolder(int slot, int worker)
    {
        if (!IsHeldBy(slot, worker))
        {
            return;
        }

        if (Has(slot, TaskFlags.Kept) && _tasks.Worker[slot] == worker)
        {
            Clear(slot, TaskFlags.Kept);
        }
        else
        {
            _copies[slot].Remove(worker);
        }

        if (!Has(slot, TaskFlags.Inline) && !HoldersOf(slot).Any())
        {
            Lose(slot);
        }
        else
        {
            LookAtHolders(slot);
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
                if (IsCounted(slot))
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
