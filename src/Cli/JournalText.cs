using System.Globalization;
using System.Text;
using System.Text.Json;
using Weft.Scheduler;

namespace Weft.Cli;

/// <summary>What is in a journal, for programs and for people.</summary>
internal static class JournalText
{
    /// <summary>Scripts rely on the names: append only.</summary>
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    public static string ToJson(JournalReport report) => JsonSerializer.Serialize(report, Json);

    public static string ToTable(JournalReport report)
    {
        var text = new StringBuilder();
        Add(text, "journal", $"{report.Folder}  format {report.FormatVersion}, {report.Bytes} bytes");
        Add(text, "epochs", List(report.Epochs));
        Add(text, "sessions", List(report.Sessions));
        Add(text, "records", report.Records.Count == 0 ? "none" : string.Join(", ", report.Records.Select(static one => $"{one.Value} {one.Key}")));
        foreach (var file in report.Files)
        {
            var why = file.Why.Length == 0 ? "" : $"  read up to byte {file.ReadUpTo}: {file.Why}";
            Add(text, "file", $"{file.Name,-24} {file.Kind,-12} {file.Bytes,12} bytes {file.Records,9} records{why}");
        }

        foreach (var name in report.PassedOver)
        {
            Add(text, "passed over", name);
        }

        if (report.Tail is { } tail)
        {
            Add(text, "tail", $"left out, which is no damage: {tail}");
        }

        Add(text, "state", report.Damage is { } damage ? $"DAMAGED: {damage}" : "a start can read it");
        return text.ToString().TrimEnd();
    }

    private static string List(IReadOnlyCollection<uint> numbers) => numbers.Count == 0 ? "none" : string.Join(", ", numbers);

    private static void Add(StringBuilder text, string name, string content) => text.AppendLine(CultureInfo.InvariantCulture, $"{name,-12} {content}");
}
