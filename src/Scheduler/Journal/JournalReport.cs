using Weft.Scheduler.Core;

namespace Weft.Scheduler;

/// <summary>One file of a journal, for people and programs.</summary>
/// <param name="Name">In its folder.</param>
/// <param name="Kind">Of its header; empty when that could not be read.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Records">Facts in it that a start would take.</param>
/// <param name="ReadUpTo">The offset at which reading stopped; its length when nothing did.</param>
/// <param name="Why">Why reading stopped; empty when nothing did.</param>
public sealed record JournalFileReport(string Name, string Kind, long Bytes, int Records, long ReadUpTo, string Why);

/// <summary>What is in a journal. Looking changes nothing and may be done while a scheduler writes.</summary>
public sealed record JournalReport
{
    public required string Folder { get; init; }

    public uint FormatVersion { get; init; }

    /// <summary>Those that were claimed and not cleared away yet; the last one's scheduler is the one that may write.</summary>
    public required IReadOnlyList<uint> Epochs { get; init; }

    /// <summary>Those that a start would read, in order.</summary>
    public required IReadOnlyList<JournalFileReport> Files { get; init; }

    /// <summary>Files that a start would pass over, and a snapshot clears away.</summary>
    public required IReadOnlyList<string> PassedOver { get; init; }

    /// <summary>Bytes of the files that a start would read.</summary>
    public long Bytes { get; init; }

    /// <summary>Facts that a start would take, by kind.</summary>
    public required IReadOnlyDictionary<string, long> Records { get; init; }

    /// <summary>Sessions that were opened and not closed.</summary>
    public required IReadOnlyList<uint> Sessions { get; init; }

    /// <summary>What is wrong, with file and offset; null: a start reads all that had been safe.</summary>
    public string? Damage { get; init; }

    /// <summary>Where the last write ended in the middle, which is no damage; null: nowhere.</summary>
    public string? Tail { get; init; }

    /// <exception cref="JournalException">It is no folder of a journal, or cannot be read.</exception>
    public static JournalReport Of(string folder)
    {
        try
        {
            var names = Directory.GetFileSystemEntries(folder).Select(static path => Path.GetFileName(path)!).Order(StringComparer.Ordinal).ToArray();
            var epochs = names.Where(static name => JournalFileName.TryParseEpoch(name, out _)).ToArray();
            return epochs.Length > 0 || JournalFolder.Files(folder).Count > 0
                ? Read(folder, names)
                : throw new JournalException($"'{folder}' is no folder of a journal: there is neither epoch nor log nor snapshot in it.");
        }
        catch (Exception failure) when (JournalFolder.IsDiskFailure(failure))
        {
            throw new JournalException($"'{folder}' cannot be read: {failure.Message.ReplaceLineEndings(" ")}", failure);
        }
    }

    private static JournalReport Read(string folder, string[] names)
    {
        var records = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var sessions = new SortedSet<uint>();
        var reading = JournalReader.Read(folder, fact =>
        {
            var kind = fact.GetType().Name;
            records[kind] = records.GetValueOrDefault(kind) + 1;
            switch (fact)
            {
                case SessionOpened opened:
                    sessions.Add(opened.Session.Value);
                    break;
                case SessionClosed closed:
                    sessions.Remove(closed.Session.Value);
                    break;
            }
        });
        var read = reading.Files.Where(static file => file.IsTaken).ToArray();
        return new JournalReport
        {
            Folder = folder,
            FormatVersion = SegmentHeader.FormatVersion,
            Epochs = [.. names.Select(static name => JournalFileName.TryParseEpoch(name, out var epoch) ? epoch : 0).Where(static epoch => epoch > 0).Order()],
            Files = [.. read.Select(ReportOf)],
            PassedOver = [.. names.Where(name => IsPassedOver(name, read))],
            Bytes = read.Sum(static file => file.Bytes),
            Records = records,
            Sessions = [.. sessions],
            Damage = reading.Damage,
            Tail = reading.Tail,
        };
    }

    private static bool IsPassedOver(string name, JournalFileReading[] read) =>
        name.EndsWith(JournalFileName.TemporarySuffix, StringComparison.Ordinal)
        || (JournalFileName.TryParse(name, out var file) && !read.Any(one => one.Name == file));

    private static JournalFileReport ReportOf(JournalFileReading file) => new(
        file.Name.ToString(),
        file.Header?.Kind.ToString() ?? "",
        file.Bytes,
        file.Records,
        file.Fault.Kind == SegmentFaultKind.None ? file.Bytes : file.Fault.Offset,
        file.Fault.Why ?? "");
}
