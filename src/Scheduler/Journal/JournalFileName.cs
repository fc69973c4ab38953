using System.Globalization;

namespace Weft.Scheduler;

/// <summary>What a file of a journal is called: <c>log-E-N</c>, <c>snapshot-E-N</c>. Epoch first, then number: so they are ordered.</summary>
internal readonly record struct JournalFileName(bool IsSnapshot, uint Epoch, uint Number)
{
    public const string TemporarySuffix = ".tmp";

    private const string LogStem = "log";
    private const string SnapshotStem = "snapshot";
    private const string EpochStem = "epoch-";

    public static string OfEpoch(uint epoch) => string.Create(CultureInfo.InvariantCulture, $"{EpochStem}{epoch}");

    public static bool TryParseEpoch(string name, out uint epoch)
    {
        epoch = 0;
        return name.StartsWith(EpochStem, StringComparison.Ordinal) && TryParseNumber(name[EpochStem.Length..], out epoch);
    }

    public static bool TryParse(string name, out JournalFileName file)
    {
        file = default;
        if (name.Split('-') is not [LogStem or SnapshotStem, var epoch, var number] || !TryParseNumber(epoch, out var e) || !TryParseNumber(number, out var n))
        {
            return false;
        }

        file = new JournalFileName(name.StartsWith(SnapshotStem, StringComparison.Ordinal), e, n);
        return true;
    }

    public bool IsBefore(uint epoch, uint number) => (Epoch, Number).CompareTo((epoch, number)) < 0;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(IsSnapshot ? SnapshotStem : LogStem)}-{Epoch}-{Number}");

    private static bool TryParseNumber(string text, out uint number) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
