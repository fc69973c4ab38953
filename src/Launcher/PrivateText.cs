namespace Weft.Launcher;

/// <summary>Files of text that are their owner's alone from the first byte on: scripts with a cluster's variables in them, records of jobs.</summary>
internal static class PrivateText
{
    /// <summary>Makes a file. In place of one of this name comes another, so that who still reads that of before, a shell for instance, goes on with it.</summary>
    /// <exception cref="IOException">It cannot be made or written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be.</exception>
    public static void Write(string path, string text)
    {
        File.Delete(path);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var writer = new StreamWriter(path, options);
        writer.Write(text);
    }
}
