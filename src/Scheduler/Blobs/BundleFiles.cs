using System.Text.Json;

namespace Weft.Scheduler;

/// <summary>Which files a bundle consists of. Of its manifest a scheduler reads only that: what is in them is for workers.</summary>
internal static class BundleFiles
{
    /// <returns>False when it is no manifest.</returns>
    public static bool TryAddTo(HashSet<string> names, ReadOnlyMemory<byte> manifest)
    {
        try
        {
            using var document = JsonDocument.Parse(manifest);
            foreach (var entry in document.RootElement.GetProperty("entries").EnumerateArray())
            {
                names.Add(entry.GetProperty("sha256").GetString() ?? "");
            }

            return true;
        }
        catch (Exception wrong) when (wrong is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return false;
        }
    }
}
