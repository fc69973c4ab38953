namespace Weft.Worker;

/// <summary>Why a worker has ended.</summary>
/// <param name="Reason">Which of the known reasons.</param>
/// <param name="Message">One line for a person.</param>
/// <param name="ShouldRestart">Whether the supervisor should start another.</param>
public sealed record WorkerEnd(WorkerEndReason Reason, string Message, bool ShouldRestart = false);

public enum WorkerEndReason
{
    /// <summary>It was stopped or disposed from this side.</summary>
    Stopped,

    /// <summary>The scheduler told it to stop.</summary>
    Told,

    /// <summary>The scheduler does not take it: wrong token, another protocol, a name that is another's now.</summary>
    Refused,

    /// <summary>No scheduler was found in the time allowed before the first connection.</summary>
    SchedulerNotFound,

    /// <summary>The connection was lost for longer than allowed.</summary>
    SchedulerLost,

    /// <summary>It joined, and a session's worker setup failed on it; the message tells how.</summary>
    SetupFailed,

    /// <summary>A rule of the worker's own code was broken; the message tells which.</summary>
    Broken,
}
