using Weft.Primitives;

namespace Weft.Client.Core;

/// <summary>Submissions and scattered values in the order of their ids: first those sent and not acknowledged, then those not sent.</summary>
internal sealed class SubmissionQueue
{
    private readonly LinkedList<SubmissionEntry> _entries = [];

    /// <summary>The first that has not been sent on this connection; null: all have.</summary>
    private LinkedListNode<SubmissionEntry>? _next;

    /// <summary>Entries that were sent on this connection or one before.</summary>
    private long _everSent;

    /// <summary>Entries that were ever added, and of those how many have been sent: positions for what must not overtake them.</summary>
    public long Added { get; private set; }

    public long Sent { get; private set; }

    public bool HasUnsent => _next is not null;

    /// <summary>Bytes of all that is kept here: what back-pressure goes by.</summary>
    public long Bytes { get; private set; }

    /// <summary>The scheduler has everything below this sequence number.</summary>
    public ulong AcknowledgedUpTo => _entries.First?.Value.First.Sequence ?? ulong.MaxValue;

    /// <summary>The first that has not been sent, without taking it; null: all have.</summary>
    public SubmissionEntry? Peek() => _next?.Value;

    public void Add(SubmissionEntry entry)
    {
        var node = _entries.AddLast(entry);
        _next ??= node;
        Added++;
        Bytes += entry.Bytes;
    }

    /// <summary>Adds tasks to the last entry when it is unsent and asks alike.</summary>
    public bool TryJoinLast(TaskSubmission submission)
    {
        if (_next is null || _entries.Last!.Value is not { Function: not null } last || !last.CanTake(submission))
        {
            return false;
        }

        Bytes -= last.Bytes;
        last.Append(submission);
        Bytes += last.Bytes;
        return true;
    }

    public SubmissionEntry Take()
    {
        Invariant.Require(_next is not null, "only what has not been sent can be taken");
        var entry = _next.Value;
        _next = _next.Next;
        Sent++;
        _everSent = Math.Max(_everSent, Sent);
        return entry;
    }

    /// <summary>
    /// Forgets the entries whose every task is below the sequence number and that have been sent. Those that were about to be sent again need not be: they had arrived, and
    /// nobody would acknowledge them a second time.
    /// </summary>
    public void Acknowledge(ulong upToSequence)
    {
        while (_entries.First is { } node && Added - _entries.Count < _everSent && node.Value.Tasks.First.Sequence + (ulong)node.Value.Count <= upToSequence)
        {
            if (node == _next)
            {
                _next = node.Next;
                Sent++;
            }

            Bytes -= node.Value.Bytes;
            _entries.RemoveFirst();
        }
    }

    /// <summary>A new connection to the same session: everything that was not acknowledged is to be sent again.</summary>
    public void SendAgain()
    {
        Sent = Added - _entries.Count;
        _next = _entries.First;
    }

    public void Clear()
    {
        _entries.Clear();
        _next = null;
        Sent = Added;
        Bytes = 0;
    }

    public void CheckInvariants(ulong nextSequence)
    {
        Invariant.Require(Bytes == _entries.Sum(entry => entry.Bytes), "unacknowledged bytes add up");
        Invariant.Require(Sent <= Added, "no more is sent than was added");
        for (var node = _entries.First; node is not null; node = node.Next)
        {
            var expected = node.Next?.Value.First.Sequence ?? nextSequence;
            Invariant.Require(node.Value.First.Sequence + (ulong)node.Value.Count == expected, "kept submissions follow each other without a gap");
        }
    }
}
