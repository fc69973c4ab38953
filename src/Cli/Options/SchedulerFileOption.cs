using System.CommandLine;
using Weft.Launcher;

namespace Weft.Cli;

/// <summary>The file by which the processes of a cluster find each other; every command has it.</summary>
internal static class SchedulerFileOption
{
    public const string Variable = "WEFT_SCHEDULER_FILE";

    public static Option<string?> Create() =>
        ValueOptions.Text("--scheduler-file", "F", $"The file that the scheduler writes and all others read (default: the variable {Variable})");

    /// <exception cref="LaunchException">It is given neither here nor in the environment.</exception>
    public static string Required(this ParseResult parsed, Option<string?> option) =>
        parsed.GetValue(option)
        ?? (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } path ? path : null)
        ?? throw new LaunchException(ExitCodes.Usage, $"--scheduler-file F is missing, and the variable {Variable} is not set.");
}
