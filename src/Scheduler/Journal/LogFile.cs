using Microsoft.Win32.SafeHandles;

namespace Weft.Scheduler;

/// <summary>The log that is written. To be used inside the journal's lock, but for <see cref="Flush"/>.</summary>
internal sealed class LogFile(SafeFileHandle handle, string path, uint number, bool isPromised) : IDisposable
{
    private long _marked;

    public uint Number { get; } = number;

    /// <summary>Whether a start may read it: it follows a log, or has its own snapshot.</summary>
    public bool IsPromised { get; set; } = isPromised;

    public long Bytes { get; private set; }

    /// <summary>What is on the disk, as far as is known.</summary>
    public long SyncedBytes { get; set; }

    /// <summary>Whether its name may not be on the disk yet.</summary>
    public bool IsNameUnsynced { get; set; } = true;

    public void Write(RecordBuffer buffer)
    {
        if (SyncedBytes > _marked)
        {
            _marked = SyncedBytes;
            buffer.AddMark(SyncedBytes);
        }

        RandomAccess.Write(handle, buffer.Span, Bytes);
        Bytes += buffer.Count;
    }

    /// <summary>A log that rests says itself what of it is on the disk, so that damage which comes later is seen as such.</summary>
    public void Mark()
    {
        // Its own mark, once written, is not worth another.
        if (SyncedBytes > _marked && SyncedBytes == Bytes)
        {
            var buffer = new RecordBuffer();
            Write(buffer);
            _marked = Bytes;
        }
    }

    /// <exception cref="IOException">The disk did not take it; nobody knows what is there now.</exception>
    public void Flush() => DiskSync.Flush(handle);

    /// <summary>Gives it up after the disk has failed.</summary>
    public void Abandon()
    {
        Dispose();
        if (!IsPromised)
        {
            try
            {
                File.Delete(path);
            }
            catch (Exception failure) when (JournalFolder.IsDiskFailure(failure))
            {
                // Nothing reads it, and the next snapshot clears it away.
            }
        }
    }

    public void Dispose() => handle.Dispose();
}
