namespace Weft;

/// <summary>How a task stands, as its client knows.</summary>
public enum FutureStatus
{
    /// <summary>It waits or runs.</summary>
    Pending,

    /// <summary>It has a result.</summary>
    Finished,

    /// <summary>It ended without one; <see cref="Future.Exception"/> says why.</summary>
    Error,

    /// <summary>It was cancelled, or something it depends on was.</summary>
    Cancelled,

    /// <summary>The session in which it was submitted is gone, or the future was disposed.</summary>
    Lost,
}
