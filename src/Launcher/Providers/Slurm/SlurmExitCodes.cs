using System.Globalization;
using System.Text.RegularExpressions;

namespace Weft.Launcher;

/// <summary>How the tasks of a job ended: what <c>scontrol --oneliner show job</c> prints.</summary>
internal static partial class SlurmExitCodes
{
    /// <summary>By task: <c>exit code 3</c>, <c>signal 9</c>; those that ended with 0 are not there.</summary>
    public static IReadOnlyDictionary<int, string> Read(string printed)
    {
        var codes = new Dictionary<int, string>();
        foreach (Match task in Task().Matches(printed))
        {
            var (code, signal) = (task.Groups["code"].Value, task.Groups["signal"].Value);
            if (code != "0" || signal != "0")
            {
                codes[int.Parse(task.Groups["task"].Value, CultureInfo.InvariantCulture)] = signal == "0" ? $"exit code {code}" : $"signal {signal}";
            }
        }

        return codes;
    }

    [GeneratedRegex(@" ArrayTaskId=(?<task>\d{1,9}) .* ExitCode=(?<code>\d+):(?<signal>\d+) ")]
    private static partial Regex Task();
}
