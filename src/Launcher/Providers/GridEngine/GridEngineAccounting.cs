using System.Globalization;
using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>How a task ended, as <c>qacct -j</c> prints it.</summary>
internal readonly record struct GridEngineAccounting(string JobName, long Job, int Index, NodeState State, string? Detail)
{
    /// <summary>The records of array tasks; what is unfinished or strange is passed over. In the order of their ends: a task that was run again has several, and so have the numbers of jobs, which begin again some day.</summary>
    public static IEnumerable<GridEngineAccounting> Read(string printed) =>
        printed.Split("====", StringSplitOptions.RemoveEmptyEntries).Select(Fields).Where(IsTask).Select(Of);

    private static Dictionary<string, string> Fields(string record)
    {
        var fields = new Dictionary<string, string>();
        foreach (var line in record.Split('\n'))
        {
            if (line.Split(' ', 2) is [{ Length: > 0 } name, var value])
            {
                fields[name] = value.Trim();
            }
        }

        return fields;
    }

    private static bool IsTask(Dictionary<string, string> fields) =>
        fields.ContainsKey("jobname")
        && long.TryParse(fields.GetValueOrDefault("jobnumber"), CultureInfo.InvariantCulture, out _)
        && int.TryParse(fields.GetValueOrDefault("taskid"), CultureInfo.InvariantCulture, out _)
        && fields.ContainsKey("failed") && fields.ContainsKey("exit_status");

    private static GridEngineAccounting Of(Dictionary<string, string> fields)
    {
        // "0", or a number and words: "100 : assumedly after job".
        var failed = fields["failed"];
        var exit = fields["exit_status"].Split(' ')[0];
        List<string> told = [];
        if (failed.Split(' ', ':')[0] != "0")
        {
            told.Add($"failed {failed}");
        }

        if (exit != "0")
        {
            told.Add($"exit code {exit}");
        }

        return new GridEngineAccounting(
            fields["jobname"],
            long.Parse(fields["jobnumber"], CultureInfo.InvariantCulture),
            int.Parse(fields["taskid"], CultureInfo.InvariantCulture),
            told.Count == 0 ? NodeState.Ended : NodeState.Failed,
            told.Count == 0 ? null : string.Join(", ", told));
    }
}
