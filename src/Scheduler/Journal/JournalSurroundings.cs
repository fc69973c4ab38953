namespace Weft.Scheduler;

/// <summary>What of this host and user decides where a journal goes.</summary>
public sealed record JournalSurroundings
{
    /// <summary>The text of <c>/proc/self/mountinfo</c>; empty where there is none.</summary>
    public string MountInfo { get; init; } = "";

    public string User { get; init; } = "";

    /// <summary>Folders for what should survive a restart of the host, best first.</summary>
    public IReadOnlyList<string> StateFolders { get; init; } = [];

    public static JournalSurroundings Current => new()
    {
        MountInfo = ReadMounts(),
        User = Environment.UserName,
        StateFolders = [.. new[] { Environment.GetEnvironmentVariable("XDG_STATE_HOME"), "/var/tmp", Path.GetTempPath() }
            .Where(static folder => Path.IsPathFullyQualified(folder ?? "") && Directory.Exists(folder))
            .Select(static folder => WithoutLinks(folder!))],
    };

    /// <summary>The same file by a path without symbolic links: a home folder is often one that leads to a server.</summary>
    public static string WithoutLinks(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Path.GetDirectoryName(full) is not { } parent)
        {
            return full;
        }

        try
        {
            var link = new FileInfo(full) is { LinkTarget: not null } one ? one.ResolveLinkTarget(returnFinalTarget: true) : null;
            return link is not null ? WithoutLinks(link.FullName) : Path.Combine(WithoutLinks(parent), Path.GetFileName(full));
        }
        catch (IOException)
        {
            // Links in a circle: whoever opens the file says so.
            return full;
        }
    }

    private static string ReadMounts()
    {
        try
        {
            return OperatingSystem.IsLinux() ? File.ReadAllText("/proc/self/mountinfo") : "";
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A container may hide it; then all disks count as local.
            return "";
        }
    }
}
