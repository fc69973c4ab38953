using Microsoft.Win32.SafeHandles;

namespace Weft.Scheduler;

/// <summary>Files that are their owner's alone from the moment they exist: code, values and the cluster's secret are in them.</summary>
internal static class PrivateFile
{
    public const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>A new file for writing. Fails when there is one.</summary>
    public static SafeFileHandle Create(string path)
    {
        var options = new FileStreamOptions { Mode = System.IO.FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = FileMode;
        }

        // Only a stream can be made with a mode; what writes needs no stream.
        new FileStream(path, options).Dispose();
        return File.OpenHandle(path, System.IO.FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
    }

    /// <summary>The whole content under its name, or nothing: written beside it, synced, renamed.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}{JournalFileName.TemporarySuffix}";
        try
        {
            using (var file = Create(temporary))
            {
                RandomAccess.Write(file, content, 0);
                DiskSync.Flush(file);
            }

            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
