namespace Weft.Scheduler;

/// <summary>Another scheduler has taken the place of this one, which has ended; the message says how that was seen.</summary>
public sealed class SupersededException(string message) : Exception(message);
