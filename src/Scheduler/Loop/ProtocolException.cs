namespace Weft.Scheduler;

/// <summary>A peer sent what the protocol does not allow. Its stream is ended with INVALID_ARGUMENT and this message.</summary>
internal sealed class ProtocolException(string message) : Exception(message);
