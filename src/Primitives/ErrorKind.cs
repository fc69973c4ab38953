namespace Weft.Primitives;

/// <summary>Why a task has no result. Numbered and append-only: the numbers go over the wire.</summary>
public enum ErrorKind : byte
{
    None = 0,

    /// <summary>The user's code threw.</summary>
    UserException = 1,

    /// <summary>Somebody cancelled it, or something it depends on.</summary>
    Cancelled = 2,

    /// <summary>It ran on too many workers that died under it.</summary>
    KilledWorkers = 3,

    /// <summary>No worker that is allowed or able to run it came within its time.</summary>
    NoValidWorker = 4,

    /// <summary>Data that cannot be made again lost its last holder.</summary>
    DataLost = 5,

    /// <summary>It ran longer than its own limit.</summary>
    TimedOut = 6,

    /// <summary>Its function, arguments, result or exception could not be read or written.</summary>
    Serialization = 7,

    /// <summary>It was not to run twice, and its run was lost.</summary>
    NotIdempotent = 8,

    /// <summary>Its inputs do not fit into any worker's memory.</summary>
    TooLarge = 9,

    /// <summary>It ran on too many workers that died for want of memory.</summary>
    OutOfMemory = 10,

    /// <summary>The scheduler had no room for it.</summary>
    SchedulerFull = 11,
}
