using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Weft.Launcher;

/// <summary>Reads what a head prints for <see cref="JobScripts"/>. Greetings of a login shell before the first line are passed over; without the last line it is not all.</summary>
internal static class JobReport
{
    private const string RecordMark = "/" + JobFiles.Record + ":";

    /// <summary>The jobs, the oldest first.</summary>
    public static bool TryReadJobs(string output, [NotNullWhen(true)] out IReadOnlyList<JobView>? jobs)
    {
        jobs = null;
        if (!TryFindLines(output, out var lines))
        {
            return false;
        }

        var watched = new HashSet<string>(StringComparer.Ordinal);
        var processes = new Dictionary<string, int>(StringComparer.Ordinal);
        var records = new List<JobRecord>();
        foreach (var line in lines)
        {
            if (line.Split(' ') is [JobScripts.Process, _, var kind, var id])
            {
                if (kind == "supervisor")
                {
                    watched.Add(id);
                }
                else
                {
                    processes[id] = processes.GetValueOrDefault(id) + 1;
                }
            }
            else if (line.IndexOf(RecordMark, StringComparison.Ordinal) is var mark and > 0 && JobRecord.Parse(line[(mark + RecordMark.Length)..]) is { } record)
            {
                records.Add(record);
            }
        }

        jobs = [.. records.OrderBy(static record => record.Submitted).ThenBy(static record => record.Id, StringComparer.Ordinal)
            .Select(record => new JobView(record, watched.Contains(record.Id), processes.GetValueOrDefault(record.Id)))];
        return true;
    }

    public static bool TryReadOutput(string output, out JobOutput read)
    {
        read = default;
        if (!TryFindLines(output, out var lines)
            || lines is not [var first, ..]
            || first.Split(' ') is not [var over, var size]
            || !long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var written))
        {
            return false;
        }

        read = new JobOutput(Convert.FromBase64String(string.Concat(lines.Skip(1))), written, over == "yes");
        return true;
    }

    private static bool TryFindLines(string output, out string[] lines)
    {
        lines = output.Split('\n');
        var first = Array.IndexOf(lines, JobScripts.Begin);
        var last = Array.LastIndexOf(lines, JobScripts.End);
        if (first < 0 || last < first)
        {
            return false;
        }

        lines = lines[(first + 1)..last];
        return true;
    }
}
