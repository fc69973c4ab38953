using Weft.Primitives;

namespace Weft.Worker.Core;

/// <summary>Ranges that could begin: higher priority first, then as they arrived. What was withdrawn is skipped, not searched for.</summary>
internal sealed class ReadyQueue
{
    private readonly PriorityQueue<LocalRange, Key> _queue = new();

    /// <summary>Withdrawn entries still in the queue; they never outnumber the live ones by much.</summary>
    private int _gone;

    public int LiveCount => _queue.Count - _gone;

    public void Add(LocalRange range)
    {
        range.Phase = LocalPhase.Ready;
        _queue.Enqueue(range, KeyOf(range));
    }

    /// <summary>The range whose turn it is; it stays in the queue.</summary>
    public LocalRange? Peek()
    {
        while (_queue.TryPeek(out var range, out _))
        {
            if (range.Phase == LocalPhase.Ready)
            {
                return range;
            }

            _queue.Dequeue();
            _gone--;
        }

        return null;
    }

    /// <summary>Takes away the range that <see cref="Peek"/> returned.</summary>
    public void Dequeue()
    {
        var range = _queue.Dequeue();
        range.Phase = LocalPhase.Gone;
    }

    /// <summary>The range that <see cref="Peek"/> returned has lost its front: what is given back of that has its turn before it.</summary>
    public void Requeue(LocalRange range) => _queue.DequeueEnqueue(range, KeyOf(range));

    public void Withdraw(LocalRange range)
    {
        range.Phase = LocalPhase.Gone;
        _gone++;
        if (_gone > 64 && _gone > _queue.Count / 2)
        {
            Sweep();
        }
    }

    public void CopyTo(List<LocalRange> ranges) =>
        ranges.AddRange(_queue.UnorderedItems.Where(static item => item.Element.Phase == LocalPhase.Ready).Select(static item => item.Element));

    private void Sweep()
    {
        var live = new List<LocalRange>(LiveCount);
        CopyTo(live);
        _queue.Clear();
        _gone = 0;
        foreach (var range in live)
        {
            _queue.Enqueue(range, KeyOf(range));
        }
    }

    private static Key KeyOf(LocalRange range) => new(range.Assignment.Priority, range.Arrival, range.Run.First.Value);

    private readonly record struct Key(int Priority, long Arrival, ulong First) : IComparable<Key>
    {
        public int CompareTo(Key other) =>
            Priority != other.Priority ? other.Priority.CompareTo(Priority)
            : Arrival != other.Arrival ? Arrival.CompareTo(other.Arrival)
            : First.CompareTo(other.First);
    }
}
