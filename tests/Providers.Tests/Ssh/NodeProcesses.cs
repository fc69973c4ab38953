using System.Globalization;
using System.Text;

namespace Weft.Providers.Tests.Ssh;

/// <summary>Processes of this machine by their environment, seen by root.</summary>
internal static class NodeProcesses
{
    public static IReadOnlyList<int> Of(string cluster) => With($"WEFT_CLUSTER={cluster}");

    /// <summary>Those that have a variable of this value.</summary>
    public static IReadOnlyList<int> With(string variable)
    {
        var found = new List<int>();
        foreach (var folder in Directory.GetDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && Read(folder, "environ").Split('\0').Contains(variable))
            {
                found.Add(id);
            }
        }

        return found;
    }

    /// <summary>Those that have this text in their command line.</summary>
    public static IReadOnlyList<int> WithArgument(string text) =>
        [.. Directory.GetDirectories("/proc").Where(folder => int.TryParse(Path.GetFileName(folder), out _) && Read(folder, "cmdline").Contains(text, StringComparison.Ordinal))
            .Select(static folder => int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture))];

    /// <summary>Where these <c>ssh</c> have their sockets.</summary>
    public static IReadOnlyList<string> SocketFolders(IEnumerable<int> ids) =>
        [.. ids.Select(static id => Path.GetDirectoryName(Read($"/proc/{id}", "cmdline").Split('\0').First(static word => word.StartsWith("ControlPath=", StringComparison.Ordinal))["ControlPath=".Length..])!)];

    private static string Read(string folder, string file)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes(Path.Combine(folder, file)));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
