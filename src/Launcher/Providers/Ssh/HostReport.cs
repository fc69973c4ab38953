using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>What hosts print for <see cref="NodeScripts"/>. Greetings of a login shell before the first line are passed over; without the last line it is not all.</summary>
internal static class HostReport
{
    public static bool TryReadNodes(string output, [NotNullWhen(true)] out IReadOnlyList<HostNode>? nodes)
    {
        nodes = null;
        if (!TryFindLines(output, out var lines))
        {
            return false;
        }

        var found = new List<HostNode>();
        foreach (var line in lines)
        {
            var words = line.Split(' ', 6);
            // Whoever sets these variables by hand may name anything; what is no name of a node was not launched by a provider.
            if (words.Length < 4 || !NodeId.TryParse(words[1], out var id) || !int.TryParse(words[2], NumberStyles.None, CultureInfo.InvariantCulture, out var process))
            {
                continue;
            }

            var isTold = words[3] == "yes";
            if (words[0] == "live")
            {
                found.Add(new HostNode(id, process, IsAlive: true, isTold, ExitCode: null, LastLine: ""));
            }
            else if (words[0] == "over")
            {
                int? code = words.Length > 4 && int.TryParse(words[4], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
                found.Add(new HostNode(id, process, IsAlive: false, isTold, code, words.Length > 5 ? words[5].Trim() : ""));
            }
        }

        nodes = found;
        return true;
    }

    public static bool TryReadEnd(string output, [NotNullWhen(true)] out HostEnd? end)
    {
        end = null;
        if (!TryFindLines(output, out var lines))
        {
            return false;
        }

        var words = lines.Select(static line => line.Split(' ', 2)).Where(static words => words.Length == 2).ToList();
        var found = words.Where(static words => words[0] == "found").Select(static words => NodeId.TryParse(words[1], out var id) ? id : default).ToHashSet();
        end = new HostEnd(found, [.. words.Where(static words => words[0] == "left").Select(static words => words[1])]);
        return true;
    }

    /// <summary>Where a head was launched: its host's own name, and the process; empty: none was.</summary>
    public static bool TryReadHead(string output, out (string Host, string Process) head)
    {
        head = default;
        if (!TryFindLines(output, out var lines) || lines is not [var line] || line.Split(' ') is not [var host, var process])
        {
            return false;
        }

        head = (host, process);
        return true;
    }

    /// <summary>When a log was written last, in seconds since 1970, and its lines; null: there is none.</summary>
    public static HostLog ReadLog(string output)
    {
        const string mark = "weft-log ";
        var lines = output.Split('\n');
        var first = Array.FindIndex(lines, static line => line.StartsWith(mark, StringComparison.Ordinal));
        if (first < 0)
        {
            return HostLog.None;
        }

        _ = long.TryParse(lines[first].AsSpan(mark.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var written);
        var last = lines[^1].Length == 0 ? lines.Length - 1 : lines.Length;
        return new HostLog(written, lines[(first + 1)..last]);
    }

    private static bool TryFindLines(string output, out string[] lines)
    {
        lines = output.Split('\n');
        var first = Array.IndexOf(lines, NodeScripts.Begin);
        var last = Array.LastIndexOf(lines, NodeScripts.End);
        if (first < 0 || last < first)
        {
            return false;
        }

        lines = lines[(first + 1)..last];
        return true;
    }
}
