namespace Weft.Protocol;

/// <summary>Puts a scheduler's file in place and takes it away again.</summary>
public static class SchedulerFileWriter
{
    /// <summary>
    /// Replaces the file as a whole: a reader sees the old one, the new one or none, never a part. Readable by its owner alone,
    /// from its first byte on.
    /// </summary>
    /// <exception cref="IOException">The folder does not exist or is not writable.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder is not writable for this user.</exception>
    public static void Write(string path, SchedulerFile file)
    {
        var full = Path.GetFullPath(path);
        var temporary = Path.Combine(Path.GetDirectoryName(full)!, $".{Path.GetFileName(full)}.{file.Id}.tmp");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            using (var stream = new FileStream(temporary, options))
            {
                stream.Write(file.ToJson());

                // On disk before it gets its name: a host that crashes now must not leave an empty file behind.
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, full, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>
    /// Removes the file if it still is this scheduler's, and says whether it did. A later scheduler's file stays: the
    /// microseconds between look and removal are a benign race, because schedulers on one file also fence each other by epoch.
    /// </summary>
    public static bool RemoveOwn(string path, string schedulerId)
    {
        if (SchedulerFileReader.Read(path).File?.Id != schedulerId)
        {
            return false;
        }

        File.Delete(path);
        return true;
    }
}
