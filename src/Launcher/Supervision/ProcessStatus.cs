using System.Diagnostics;
using System.Globalization;

namespace Weft.Launcher;

/// <summary>What the kernel says of another process.</summary>
internal static class ProcessStatus
{
    /// <summary>Fields of <c>/proc/PID/stat</c> after the name in parentheses, which may itself hold spaces and parentheses.</summary>
    private const int StateField = 0;
    private const int StartField = 19;

    /// <summary>Memory that the process holds in RAM; null where the system does not say, or the process is gone.</summary>
    public static long? ResidentBytes(int processId)
    {
        var fields = Read($"/proc/{processId}/statm")?.Split(' ');
        return fields?.Length > 1 && long.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out var pages)
            ? pages * Environment.SystemPageSize
            : null;
    }

    /// <summary>Stopped by a signal or a debugger.</summary>
    public static bool IsStopped(int processId) => Stat(processId) is { } fields && fields[StateField] is "T" or "t";

    /// <summary>
    /// When the process started, in a unit of the system's own: with the id it names one process among all that this boot has seen. Null: there is none.
    /// </summary>
    public static long? StartOf(int processId)
    {
        if (OperatingSystem.IsLinux())
        {
            return Stat(processId) is { Length: > StartField } fields ? long.Parse(fields[StartField], CultureInfo.InvariantCulture) : null;
        }

        try
        {
            using var process = Process.GetProcessById(processId);
            return process.StartTime.ToUniversalTime().Ticks / TimeSpan.TicksPerSecond;
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    private static string[]? Stat(int processId)
    {
        var text = Read($"/proc/{processId}/stat");
        return text?[(text.LastIndexOf(')') + 2)..].Split(' ');
    }

    private static string? Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
