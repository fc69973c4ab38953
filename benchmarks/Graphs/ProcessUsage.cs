using System.Globalization;

namespace Weft.Graphs;

/// <summary>What a process has used, as Linux tells it; null elsewhere, and for a process that is gone.</summary>
internal static class ProcessUsage
{
    /// <summary>The unit of /proc/PID/stat on every Linux there is (USER_HZ).</summary>
    private const double TicksPerSecond = 100;

    /// <summary>Of all threads, those that ended too, in user code and in the kernel.</summary>
    public static double? CpuSeconds(int process)
    {
        // The name in parentheses may hold anything, so what counts is what follows its last one: state is the first of it, utime the twelfth.
        if (Read(process, "stat") is not { } text)
        {
            return null;
        }

        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return (Number(fields[11]) + Number(fields[12])) / TicksPerSecond;
    }

    public static long? ResidentBytes(int process) =>
        Read(process, "statm") is { } text ? (long)Number(text.Split(' ')[1]) * Environment.SystemPageSize : null;

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static string? Read(int process, string name)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/{name}");
        }
        catch (IOException)
        {
            return null;
        }
    }
}
