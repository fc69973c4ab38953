using Weft.Scheduler.Core;

namespace Weft.Scheduler;

/// <summary>Writes a snapshot as a whole: under another name, synced, renamed, and the name synced. Nobody ever sees a part of one.</summary>
internal static class SnapshotWriter
{
    private const int PieceBytes = 1 << 20;

    /// <param name="options">Where.</param>
    /// <param name="name">The name it gets.</param>
    /// <param name="facts">What is in it.</param>
    /// <param name="isGivenUp">Asked now and then.</param>
    /// <param name="mayBeNamed">Asked once, before it gets its name.</param>
    /// <returns>Its bytes; null when it was given up.</returns>
    /// <exception cref="IOException">The disk did not take it.</exception>
    public static long? Write(JournalOptions options, JournalFileName name, IReadOnlyList<SchedulerFact> facts, Func<bool> isGivenUp, Func<bool> mayBeNamed)
    {
        var path = Path.Combine(options.Folder, name.ToString());
        var temporary = path + JournalFileName.TemporarySuffix;
        try
        {
            if (WriteContent(options, temporary, new SegmentHeader(SegmentKind.Snapshot, name.Epoch, name.Number), facts, isGivenUp) is not { } bytes || !mayBeNamed())
            {
                return null;
            }

            File.Move(temporary, path);
            DiskSync.FlushFolder(options.Folder);
            return bytes;
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static long? WriteContent(JournalOptions options, string path, SegmentHeader header, IReadOnlyList<SchedulerFact> facts, Func<bool> isGivenUp)
    {
        using var file = options.Create(path);
        var buffer = new RecordBuffer();
        buffer.Add(header);
        long written = 0;
        foreach (var fact in facts)
        {
            buffer.Add(fact);
            if (buffer.Count >= PieceBytes)
            {
                if (isGivenUp())
                {
                    return null;
                }

                RandomAccess.Write(file, buffer.Span, written);
                written += buffer.Count;
                buffer.Clear();
            }
        }

        buffer.AddMark(written + buffer.Count + RecordFrame.MarkBytes);
        RandomAccess.Write(file, buffer.Span, written);
        DiskSync.Flush(file);
        return isGivenUp() ? null : written + buffer.Count;
    }
}
