using System.Globalization;

namespace Weft.Launcher;

/// <summary>
/// Where a host's workers keep code and results. What was asked for stays, with the code in it; otherwise one of our own under the system's folder
/// for temporary files, which a queue's is for each job. Nobody else may write there: what lies in it is executed.
/// In it each supervisor has a folder of its own, which bears its host, process and start in its name: what a killed one left behind is removed
/// by the next on that host.
/// </summary>
internal sealed class LocalFolder : IDisposable
{
    private const UnixFileMode OnlyUs = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private LocalFolder(string code, string own)
    {
        Code = code;
        Own = own;
    }

    /// <summary>For code, by the hash of its content.</summary>
    public string Code { get; }

    /// <summary>For the processes of this supervisor.</summary>
    public string Own { get; }

    /// <exception cref="LaunchException">The folder cannot be had.</exception>
    public static LocalFolder Of(string? askedFor)
    {
        try
        {
            var parent = Path.GetFullPath(askedFor ?? Path.GetTempPath());
            var name = string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Environment.ProcessId}-{ProcessStatus.StartOf(Environment.ProcessId)}");
            if (askedFor is null)
            {
                RemoveLeftBehind(parent);
                var made = Directory.CreateTempSubdirectory(name + "-").FullName;
                return new LocalFolder(made, made);
            }

            Make(parent);
            RemoveLeftBehind(parent);
            return new LocalFolder(parent, Make(Path.Combine(parent, name)));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new LaunchException(ExitCodes.Usage, $"--local-directory: '{askedFor}' cannot be made: {failure.Message.ReplaceLineEndings(" ")}");
        }
    }

    /// <summary>Removes a folder and all that is in it, as far as it can be.</summary>
    public static void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A process that the dead one started may still write to it: the next supervisor here tries again.
        }
    }

    public void Dispose() => Remove(Own);

    /// <summary>Ids of processes mean something within one host and one namespace of ids: a shared folder may hold those of other hosts, and of containers.</summary>
    private static string Prefix => $"weft-{Environment.MachineName}-{NamespaceId}-";

    private static string NamespaceId => OperatingSystem.IsLinux() && new FileInfo("/proc/self/ns/pid").LinkTarget is { } target
        ? string.Concat(target.Where(char.IsAsciiDigit))
        : "0";

    private static void RemoveLeftBehind(string parent)
    {
        foreach (var folder in Directory.EnumerateDirectories(parent, Prefix + "*"))
        {
            var words = Path.GetFileName(folder)[Prefix.Length..].Split('-');
            if (words.Length >= 2
                && int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                && long.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var start)
                && ProcessStatus.StartOf(id) != start)
            {
                Remove(folder);
            }
        }
    }

    private static string Make(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, OnlyUs);
        }

        return path;
    }
}
