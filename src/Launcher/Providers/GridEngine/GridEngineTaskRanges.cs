using System.Globalization;

namespace Weft.Launcher;

/// <summary>Numbers of tasks as <c>qstat</c> writes them: <c>7</c>, <c>9-12:1</c>, <c>1-9:2,12</c>.</summary>
internal static class GridEngineTaskRanges
{
    /// <exception cref="FormatException">It is something else.</exception>
    public static IEnumerable<int> Read(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).SelectMany(ReadOne);

    private static IEnumerable<int> ReadOne(string range)
    {
        var step = range.Split(':') is [_, var afterColon] ? Number(afterColon) : 1;
        var ends = range.Split(':')[0].Split('-');
        var last = Number(ends[^1]);
        for (var number = Number(ends[0]); number <= last; number += Math.Max(1, step))
        {
            yield return number;
        }
    }

    private static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
