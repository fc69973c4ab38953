namespace Weft.Scheduler;

/// <summary>One file of a journal, as far as it was read.</summary>
internal sealed record JournalFileReading(JournalFileName Name)
{
    public SegmentHeader? Header { get; init; }

    public long Bytes { get; init; }

    /// <summary>Whether a start takes its facts.</summary>
    public bool IsTaken { get; init; }

    /// <summary>Facts that count.</summary>
    public int Records { get; init; }

    /// <summary>Where and why reading stopped before the end.</summary>
    public SegmentFault Fault { get; init; }

    /// <summary>Before this offset, it says itself, all had been on the disk.</summary>
    public long SyncedUpTo { get; init; }

    public bool IsClosed { get; init; }
}

/// <summary>What is in a journal.</summary>
/// <param name="Files">Those that were read, in order.</param>
/// <param name="Damage">What is wrong, with the name of the file and the offset; null: all that had been on the disk was read.</param>
/// <param name="Tail">Why the last of what was written could not be read, which nobody had been told was safe; null: it could.</param>
internal sealed record JournalReading(IReadOnlyList<JournalFileReading> Files, string? Damage, string? Tail);
