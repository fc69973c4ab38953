namespace Weft.Client.Core;

/// <summary>Why the futures of a session will never have an outcome.</summary>
public enum SessionLossKind : byte
{
    /// <summary>No scheduler answered within the reconnect time.</summary>
    SchedulerLost,

    /// <summary>A scheduler answered that does not know the session.</summary>
    SchedulerRestarted,

    /// <summary>The client was closed.</summary>
    ClientClosed,
}

/// <param name="Kind">Which of the known reasons.</param>
/// <param name="Reason">One line for a person.</param>
public sealed record SessionLoss(SessionLossKind Kind, string Reason);
