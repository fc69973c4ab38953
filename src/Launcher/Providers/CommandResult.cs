namespace Weft.Launcher;

/// <summary>How a program ended, and what it said.</summary>
internal readonly record struct CommandResult(int ExitCode, string Output, string Error)
{
    public bool IsOk => ExitCode == 0;

    /// <summary>What it complained of, in one line: its error stream, or its output when that is empty.</summary>
    public string Complaint
    {
        get
        {
            var said = string.IsNullOrWhiteSpace(Error) ? Output : Error;
            var lines = said.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            return lines.Length > 0 ? string.Join("; ", lines) : $"it ended with exit code {ExitCode}";
        }
    }
}
