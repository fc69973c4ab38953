namespace Weft.Worker.Core;

/// <summary>Why an event, or a part of one, had no effect. Every such event is counted, none is an error.</summary>
public enum DropReason
{
    /// <summary>The task is here already with the same attempt.</summary>
    DuplicateAssignment,

    /// <summary>The task is here already with a newer attempt.</summary>
    StaleAssignment,

    /// <summary>A cancel names an attempt that is not here, or not any more.</summary>
    UnknownCancel,

    /// <summary>A free names a value that is not here.</summary>
    UnknownFree,

    /// <summary>A slot reports what it was not given, or reports it again or out of order.</summary>
    StaleReport,

    /// <summary>The result of an attempt that was cancelled while it ran.</summary>
    CancelledResult,

    /// <summary>A value came that is here already.</summary>
    DuplicateValue,

    /// <summary>A fetch that is not known, or a value that it was not asked for.</summary>
    UnknownFetch,

    /// <summary>A fetched value for which nobody waits any more.</summary>
    UnwantedValue,

    /// <summary>An attempt says that it waits or goes on, and is not one that could.</summary>
    UnknownWait,

    /// <summary>Too many attempts wait inside already: this one keeps its slot.</summary>
    TooManyWaits,
}
