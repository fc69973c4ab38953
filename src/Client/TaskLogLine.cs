namespace Weft;

/// <summary>A line that a task wrote to its console.</summary>
/// <param name="TaskId">The task, as status pages show it.</param>
/// <param name="Worker">Where it ran.</param>
/// <param name="IsError">Whether it was written to standard error.</param>
/// <param name="Text">The line, without its end.</param>
public sealed record TaskLogLine(string TaskId, string Worker, bool IsError, string Text);
