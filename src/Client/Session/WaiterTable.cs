using Weft.Client.Core;
using Weft.Primitives;

namespace Weft.Client;

/// <summary>Who waits for which tasks of the current session. Single tasks are looked up, long runs are few and looked through. Owned by the session's lock.</summary>
internal sealed class WaiterTable
{
    private readonly Dictionary<ulong, Waiter> _singles = [];
    private readonly List<Waiter> _ranges = [];

    public void Add(Waiter waiter)
    {
        if (waiter.Tasks.Count > 1)
        {
            _ranges.Add(waiter);
            return;
        }

        var sequence = waiter.Tasks.First.Sequence;
        waiter.Next = _singles.GetValueOrDefault(sequence);
        _singles[sequence] = waiter;
    }

    /// <summary>Forgets who waits for a run. Single waiters are forgotten with the news that end their waiting.</summary>
    public void Remove(Waiter waiter) => _ranges.Remove(waiter);

    /// <summary>Adds who is to hear of an action.</summary>
    public void Collect(in SessionAction action, TaskFailure? failure, List<Delivery> deliveries)
    {
        CollectRanges(action, failure, deliveries);
        for (var index = 0; index < action.Tasks.Count && _singles.Count > 0; index++)
        {
            var task = new TaskRun(action.Tasks.First + index);
            if (_singles.Remove(task.First.Sequence, out var waiter))
            {
                CollectSingles(waiter, task, action, failure, deliveries);
            }
        }
    }

    public void Clear()
    {
        _singles.Clear();
        _ranges.Clear();
    }

    private void CollectSingles(Waiter? waiter, TaskRun task, in SessionAction action, TaskFailure? failure, List<Delivery> deliveries)
    {
        while (waiter is not null)
        {
            var next = waiter.Next;
            if (Concerns(waiter, action))
            {
                deliveries.Add(new Delivery(waiter, task, action, failure));
            }

            if (!IsEnd(waiter, action))
            {
                Add(waiter);
            }

            waiter = next;
        }
    }

    private void CollectRanges(in SessionAction action, TaskFailure? failure, List<Delivery> deliveries)
    {
        foreach (var waiter in _ranges)
        {
            var first = Math.Max(waiter.Tasks.First.Value, action.Tasks.First.Value);
            var end = Math.Min(waiter.Tasks.End.Value, action.Tasks.End.Value);
            if (first < end && Concerns(waiter, action))
            {
                deliveries.Add(new Delivery(waiter, new TaskRun(new TaskId(first), (int)(end - first)), action, failure));
            }
        }
    }

    private static bool Concerns(Waiter waiter, in SessionAction action) =>
        action.Kind != SessionActionKind.DeliverValues || waiter.WantsValues;

    private static bool IsEnd(Waiter waiter, in SessionAction action) =>
        action.Kind == SessionActionKind.DeliverValues
            ? waiter.WantsValues
            : action.Phase != FuturePhase.Pending && !(action.Phase == FuturePhase.Done && waiter.WantsValues);
}
