namespace Weft.Client.Core;

/// <summary>What the client knows of one of its tasks.</summary>
public enum FuturePhase : byte
{
    /// <summary>No outcome has been told, or the one that was told has been taken back.</summary>
    Pending = 0,

    /// <summary>It has a result, here or on the cluster.</summary>
    Done = 1,

    /// <summary>It ended without a result.</summary>
    Failed = 2,

    /// <summary>It was cancelled, or something it depends on was.</summary>
    Cancelled = 3,

    /// <summary>The session it belonged to is gone.</summary>
    Lost = 4,

    /// <summary>Nobody at the client holds it any more.</summary>
    Released = 5,
}
