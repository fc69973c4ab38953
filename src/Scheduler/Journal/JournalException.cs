namespace Weft.Scheduler;

/// <summary>The journal cannot be used. The message is one line for the operator: which folder or file, why, and what can be done.</summary>
public sealed class JournalException(string message, Exception? cause = null) : Exception(message, cause);
