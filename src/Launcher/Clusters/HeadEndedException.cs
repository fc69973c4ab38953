namespace Weft.Launcher;

/// <summary>The head is gone that was waited for; the message says how it ended, and its last lines.</summary>
internal sealed class HeadEndedException(string message) : LaunchException(ExitCodes.Failure, message);
