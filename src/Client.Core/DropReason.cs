namespace Weft.Client.Core;

/// <summary>Why something that came was dropped on purpose.</summary>
public enum DropReason : byte
{
    /// <summary>It spoke of a task of another session.</summary>
    OtherSession,

    /// <summary>It spoke of a task that was never submitted.</summary>
    UnknownTask,

    /// <summary>It spoke of a task that nobody holds any more.</summary>
    ReleasedTask,

    /// <summary>It spoke of a task that was forgotten by a restart of the cluster.</summary>
    ForgottenTask,

    /// <summary>It told what was known.</summary>
    Duplicate,

    /// <summary>It brought a value that nobody waits for.</summary>
    NotWanted,

    /// <summary>Its columns did not fit each other.</summary>
    Malformed,

    /// <summary>It came when there was no connection, or after the end.</summary>
    NotConnected,
}
