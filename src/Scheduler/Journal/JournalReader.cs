using Microsoft.Win32.SafeHandles;
using Weft.Scheduler.Core;

namespace Weft.Scheduler;

/// <summary>
/// Reads the facts of a journal: the newest snapshot of the highest epoch that has one, and the logs that follow it. An epoch without a
/// snapshot had promised nothing. Changes nothing, and works while a scheduler writes.
/// </summary>
internal sealed class JournalReader
{
    private const int PieceBytes = 1 << 20;

    /// <summary>A running scheduler clears away what it has replaced: then the folder is listed again.</summary>
    private const int ListingsMax = 10;

    private readonly string _folder;
    private readonly Action<SchedulerFact> _take;
    private readonly FactCodec _codec = new();
    private readonly byte[] _piece = new byte[PieceBytes];
    private readonly List<JournalFileReading> _files = [];

    private JournalReader(string folder, Action<SchedulerFact> take)
    {
        _folder = folder;
        _take = take;
    }

    /// <param name="folder">Where the journal is.</param>
    /// <param name="take">Takes each fact, in order; what was given before damage is found is of no use.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static JournalReading Read(string folder, Action<SchedulerFact> take)
    {
        var opened = OpenAll(folder);
        try
        {
            var reader = new JournalReader(folder, take);
            var (damage, tail) = reader.ReadAll(opened);
            return new JournalReading(reader._files, damage, tail);
        }
        finally
        {
            Close(opened);
        }
    }

    /// <summary>All files are opened before one is read: what is cleared away meanwhile stays readable.</summary>
    private static List<(JournalFileName Name, SafeFileHandle Handle)> OpenAll(string folder)
    {
        for (var listing = 1; ; listing++)
        {
            var files = JournalFolder.Files(folder);
            var opened = new List<(JournalFileName, SafeFileHandle)>();
            try
            {
                foreach (var name in ToRead(files))
                {
                    opened.Add((name, File.OpenHandle(Path.Combine(folder, name.ToString()), share: FileShare.ReadWrite | FileShare.Delete)));
                }

                // A listing that names arise in may have one and not the other.
                if (listing == ListingsMax || files.SequenceEqual(JournalFolder.Files(folder)))
                {
                    return opened;
                }
            }
            catch (FileNotFoundException) when (listing < ListingsMax)
            {
                // Cleared away between the listing and now.
            }

            Close(opened);
        }
    }

    private static void Close(List<(JournalFileName Name, SafeFileHandle Handle)> opened) => opened.ForEach(static file => file.Handle.Dispose());

    /// <summary>The last snapshot, then the logs of its epoch from its own number on. Without a snapshot, all logs.</summary>
    private static IEnumerable<JournalFileName> ToRead(IReadOnlyList<JournalFileName> files)
    {
        var snapshot = files.LastOrDefault(static file => file.IsSnapshot);
        return snapshot == default
            ? files
            : files.Where(file => !file.IsSnapshot && file.Epoch == snapshot.Epoch && file.Number >= snapshot.Number).Prepend(snapshot);
    }

    private (string? Damage, string? Tail) ReadAll(List<(JournalFileName Name, SafeFileHandle Handle)> opened)
    {
        if (opened.Count == 0 || !opened[0].Name.IsSnapshot)
        {
            return (FindPromise(opened), null);
        }

        var snapshot = ReadFile(opened[0], static header => header.Kind == SegmentKind.Snapshot);
        if (snapshot.Fault.Kind != SegmentFaultKind.None || !snapshot.IsClosed)
        {
            return (snapshot.Fault.Kind != SegmentFaultKind.None ? Place(snapshot) : $"{PathOf(snapshot.Name)}: its end is missing", null);
        }

        return opened.Count > 1 ? ReadLogs(opened) : (Missing(snapshot.Name with { IsSnapshot = false }), null);
    }

    /// <summary>Logs without a snapshot hold nothing that was promised, unless they follow one that ought to be there.</summary>
    private string? FindPromise(List<(JournalFileName Name, SafeFileHandle Handle)> opened)
    {
        foreach (var file in opened)
        {
            if (ReadFile(file, static _ => false).Header is { Kind: SegmentKind.Log })
            {
                return $"{PathOf(file.Name)}: the snapshot that it follows is missing";
            }
        }

        return null;
    }

    private (string? Damage, string? Tail) ReadLogs(List<(JournalFileName Name, SafeFileHandle Handle)> opened)
    {
        var expected = opened[0].Name with { IsSnapshot = false };
        JournalFileReading? stopped = null;
        foreach (var file in opened.Skip(1))
        {
            var isFirst = expected.Number == opened[0].Name.Number;
            var isRead = stopped is null && file.Name == expected;
            var log = ReadFile(file, header => isRead && (isFirst || header.Kind == SegmentKind.Log));
            if (log.Header is { Kind: SegmentKind.DetachedLog } && !isFirst)
            {
                // Begun after the disk had failed: without a snapshot of its own it tells of nothing that was promised.
                break;
            }

            if (file.Name != expected)
            {
                return (Missing(expected), null);
            }

            if (stopped is not null && log.SyncedUpTo > 0)
            {
                // What came later had been on the disk, so this had too.
                return (Place(stopped), null);
            }

            if (IsDamage(log))
            {
                return (Place(log), null);
            }

            stopped ??= log.Fault.Kind == SegmentFaultKind.None ? null : log;
            expected = expected with { Number = expected.Number + 1 };
        }

        return (null, stopped is null ? null : Place(stopped));
    }

    /// <summary>Whether what cannot be read had been on the disk, or is none of what an interrupted write can leave.</summary>
    private static bool IsDamage(JournalFileReading log) =>
        log.Fault.Kind is SegmentFaultKind.Newer or SegmentFaultKind.Unreadable || (log.Fault.Kind != SegmentFaultKind.None && log.SyncedUpTo > log.Fault.Offset);

    private JournalFileReading ReadFile((JournalFileName Name, SafeFileHandle Handle) file, Func<SegmentHeader, bool> isRead)
    {
        var segment = new SegmentReader();
        var unreadable = default(SegmentFault);
        long bytes = 0;
        var records = 0;
        int read;
        while ((read = RandomAccess.Read(file.Handle, _piece, bytes)) > 0)
        {
            segment.Append(_piece.AsSpan(0, read));
            bytes += read;
            for (var offset = segment.Offset; segment.TryRead(out var record); offset = segment.Offset)
            {
                if (unreadable.Kind == SegmentFaultKind.None && isRead(segment.Header!.Value))
                {
                    unreadable = TakeRecord(record, offset);
                    records++;
                }
            }
        }

        var fault = segment.End();
        var reading = new JournalFileReading(file.Name)
        {
            Header = segment.Header,
            Bytes = bytes,
            IsTaken = segment.Header is not { } head || isRead(head),
            Records = records,
            Fault = unreadable.Kind != SegmentFaultKind.None ? unreadable : fault,
            SyncedUpTo = segment.SyncedUpTo,
            IsClosed = segment.IsClosed,
        };
        if (reading.Header is { } header && IsOther(header, file.Name))
        {
            reading = reading with { Fault = new SegmentFault(SegmentFaultKind.Unreadable, 0, $"it was written as {header.Kind} {header.Epoch}-{header.Number}") };
        }

        _files.Add(reading);
        return reading;
    }

    private static bool IsOther(SegmentHeader header, JournalFileName name) =>
        (header.Epoch, header.Number, header.Kind == SegmentKind.Snapshot) != (name.Epoch, name.Number, name.IsSnapshot);

    private SegmentFault TakeRecord(ReadOnlyMemory<byte> record, long offset)
    {
        try
        {
            _take(_codec.Read(record));
            return default;
        }
        catch (InvalidDataException wrong)
        {
            return new SegmentFault(SegmentFaultKind.Unreadable, offset, wrong.Message);
        }
    }

    private string PathOf(JournalFileName name) => Path.Combine(_folder, name.ToString());

    private string Missing(JournalFileName name) => $"{PathOf(name)} is missing";

    private string Place(JournalFileReading file) => $"{PathOf(file.Name)}, byte {file.Fault.Offset} of {file.Bytes}: {file.Fault.Why}";
}
