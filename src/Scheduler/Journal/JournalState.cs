namespace Weft.Scheduler;

/// <summary>Whether what is appended to a journal survives.</summary>
internal enum JournalState
{
    /// <summary>There is no journal: nothing survives, and nothing is waited for.</summary>
    Off,

    /// <summary>It has been read, and the first snapshot of this epoch is not there yet: until then nothing counts as written.</summary>
    Starting,

    Writing,

    /// <summary>The disk takes nothing. Tasks go on, and nothing is waited for; it is tried again now and then.</summary>
    Suspended,
}
