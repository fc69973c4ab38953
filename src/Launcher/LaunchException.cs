namespace Weft.Launcher;

/// <summary>A process could not do what it was started for. The message is one line for the person who started it.</summary>
public class LaunchException(int exitCode, string message) : Exception(message)
{
    /// <summary>One of <see cref="ExitCodes"/>.</summary>
    public int ExitCode { get; } = exitCode;
}
