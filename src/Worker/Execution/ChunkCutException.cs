namespace Weft.Worker;

/// <summary>
/// Ends a range before a call that has been given back to the queue. Rare: only when the cut falls between the loop's last look at its stop
/// signal and the begin of the call.
/// </summary>
internal sealed class ChunkCutException : Exception;
