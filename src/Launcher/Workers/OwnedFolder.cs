using System.Net;

namespace Weft.Launcher;

/// <summary>
/// A folder of this process's own within another, which others may share. A lock file in it is held open as long as the process lives, however it
/// ends: folders that a killed process left are told by it from those in use, and the next process of the same host removes them: of its name, or of
/// its kernel, because a container may have another name at each start. Those of other hosts are left to these: where hosts share a file system, it may
/// keep their locks from each other.
/// </summary>
internal sealed class OwnedFolder : IDisposable
{
    private const string Prefix = "weft-";
    private const string LockName = "owner.lock";

    /// <summary>Of folders that were left, so many are removed at a time: nobody waits long for another's leavings.</summary>
    private const int RemovedMax = 16;

    /// <summary>In the names of this host's folders, after what they are for. A dash would look like the end of it.</summary>
    public static readonly string Host = Dns.GetHostName().Replace('-', '_');

    /// <summary>In the names after the host, of all that this host's kernel runs since its start; empty where that is not known.</summary>
    public static readonly string Boot = HostBoot.Id.Split('-')[0];

    private readonly FileStream _lock;

    private OwnedFolder(string path, FileStream owned)
    {
        Path = path;
        _lock = owned;
    }

    public string Path { get; }

    /// <param name="name">What it is for: a part of the folder's name.</param>
    /// <param name="root">Where; null: in the system's folder for temporary files.</param>
    /// <exception cref="IOException">It cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be made.</exception>
    public static OwnedFolder Create(string name, string? root = null)
    {
        var start = $"{Prefix}{name}-{Host}-{Boot}-";
        var path = root is null ? Directory.CreateTempSubdirectory(start).FullName : MakeIn(root, start);
        var folder = new OwnedFolder(path, Hold(path));
        if (TryHold(path) is { } second)
        {
            // Locks do not work here: nobody can tell who owns what.
            second.Dispose();
            return folder;
        }

        RemoveLeft(root ?? System.IO.Path.GetTempPath());

        // From now on it may be taken for one that was left: a lock that is not yet held says nothing. After the removal, which may have made room for it.
        folder._lock.WriteByte(1);
        return folder;
    }

    public void Dispose()
    {
        _lock.Dispose();
        Remove(Path);
    }

    private static string MakeIn(string root, string start)
    {
        var path = System.IO.Path.Combine(root, $"{start}{Guid.NewGuid():N}");
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return path;
    }

    private static void RemoveLeft(string root)
    {
        var left = new EnumerationOptions { AttributesToSkip = FileAttributes.ReparsePoint };
        foreach (var path in Directory.EnumerateDirectories(root, $"{Prefix}*-*-*-*", left).Where(static path => IsOfThisHost(path) && IsLeft(path)).Take(RemovedMax))
        {
            Remove(path);
        }
    }

    private static bool IsOfThisHost(string path) =>
        System.IO.Path.GetFileName(path).Split('-') is [_, _, var host, var boot, _] && (host == Host || (boot == Boot && boot.Length > 0));

    /// <summary>Folders without a lock file are not ours, or are being made; those with an empty one are being made.</summary>
    private static bool IsLeft(string path)
    {
        if (new FileInfo(System.IO.Path.Combine(path, LockName)) is not { Exists: true, Length: > 0 } || TryHold(path) is not { } held)
        {
            return false;
        }

        held.Dispose();
        return true;
    }

    private static FileStream Hold(string path) =>
        new(System.IO.Path.Combine(path, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);

    /// <summary>Null when it is another's.</summary>
    private static FileStream? TryHold(string path)
    {
        try
        {
            return Hold(path);
        }
        catch (Exception held) when (held is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Removes a folder and all that is in it, as far as it can be.</summary>
    public static void Remove(string path)
    {
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A process that was just ended may still hold a file in it: the next one to start removes it.
        }
    }
}
