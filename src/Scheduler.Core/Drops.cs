namespace Weft.Scheduler.Core;

/// <summary>Why a part of an event was dropped on purpose. Counted, so that what is harmless once is seen when it is many.</summary>
public enum DropReason : byte
{
    UnknownTask,
    UnknownWorker,
    UnknownSession,
    StaleAttempt,
    DuplicateSubmission,
    OtherSession,
    Malformed,
    NotHeld,
    DuplicateWorker,
    DuplicateReport,
    StalePause,
}

/// <summary>Counts by reason.</summary>
public sealed class Drops
{
    private readonly long[] _counts = new long[Enum.GetValues<DropReason>().Length];

    public long this[DropReason reason] => _counts[(int)reason];

    internal void Add(DropReason reason, long count = 1) => _counts[(int)reason] += count;
}
