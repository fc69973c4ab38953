using Weft.Primitives;

namespace Weft.Worker.Core;

/// <summary>A result that tasks here need and that is not in the store.</summary>
internal sealed class AwaitedInput(TaskId id)
{
    public TaskId Id { get; } = id;

    /// <summary>Tasks that wait for it, an entry for each time they name it; withdrawn ones are skipped.</summary>
    public List<LocalRange> Waiters { get; } = new(1);

    public int LiveWaiters { get; set; }

    /// <summary>It is to be kept here even when no task waits for it; counted among <see cref="LiveWaiters"/>.</summary>
    public bool IsCopy { get; set; }

    /// <summary>Of a copy that was ordered: what made it, and is announced with it; else none.</summary>
    public Attempt Attempt { get; set; }

    public InputSource Source { get; set; }

    public Peer[] Holders { get; set; } = [];

    /// <summary>How many of the holders have been asked, from <see cref="FirstHolder"/> on.</summary>
    public int Tried { get; set; }

    /// <summary>With which holder the round begins: by id, so that inputs with the same holders spread over them.</summary>
    public int FirstHolder => (int)(Id.Value % (ulong)Holders.Length);

    public long SizeBytes { get; set; }

    public override string ToString() => $"{Id} {Source}, awaited {LiveWaiters} times";
}

internal enum InputSource : byte
{
    /// <summary>Reported missing; the scheduler answers with a value or holders, or takes the tasks back.</summary>
    Missing,

    /// <summary>An attempt here makes it. Should that fail or be taken away, the scheduler cancels what builds on it.</summary>
    LocalAttempt,

    /// <summary>Waits for its turn with a peer.</summary>
    Queued,

    /// <summary>A peer has been asked.</summary>
    Fetching,

    /// <summary>Nobody waits any more: queues that still refer to it skip it.</summary>
    Gone,
}
