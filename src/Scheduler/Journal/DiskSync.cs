using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Weft.Scheduler;

/// <summary>Puts what was written onto the disk.</summary>
internal static class DiskSync
{
    private const int InterruptedError = 4;

    /// <summary>The bytes of a file, and of its metadata what is needed to read them: a journal's log saves a write for times that nobody reads.</summary>
    /// <exception cref="IOException">The disk did not take it. What it holds now is not known.</exception>
    public static void Flush(SafeFileHandle file)
    {
        if (!OperatingSystem.IsLinux())
        {
            RandomAccess.FlushToDisk(file);
            return;
        }

        while (FlushData(file) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error != InterruptedError)
            {
                throw new IOException(Marshal.GetPInvokeErrorMessage(error), error);
            }
        }
    }

    /// <summary>The names in a folder, where a folder can be synced; elsewhere the system keeps their order.</summary>
    public static void FlushFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var folder = Open(path, 0);
        if (folder < 0)
        {
            throw Failure();
        }

        try
        {
            if (FlushAll(folder) != 0)
            {
                throw Failure();
            }
        }
        finally
        {
            _ = Close(folder);
        }
    }

    private static IOException Failure()
    {
        var error = Marshal.GetLastPInvokeError();
        return new IOException(Marshal.GetPInvokeErrorMessage(error), error);
    }

    [DllImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static extern int FlushData(SafeFileHandle file);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static extern int FlushAll(int file);

    [DllImport("libc", EntryPoint = "open", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true, SetLastError = true)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    private static extern int Close(int file);
}
