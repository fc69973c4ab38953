using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;

namespace Weft.Serialization;

/// <summary>
/// What is in a bundle, and for which framework it was built. Equal files give equal bytes, so the SHA-256 of these bytes is the bundle's name.
/// </summary>
public sealed class BundleManifest
{
    /// <summary>More entries than any program has; a manifest that claims more is refused.</summary>
    public const int EntriesMax = 20_000;

    private BundleManifest(ImmutableArray<BundleEntry> entries, Version requiredFramework, string weftVersion, string entry, ReadOnlyMemory<byte> bytes)
    {
        Entries = entries;
        RequiredFramework = requiredFramework;
        WeftVersion = weftVersion;
        EntryAssembly = entry;
        Bytes = bytes;
        Hash = Convert.ToHexStringLower(SHA256.HashData(bytes.Span));
    }

    /// <summary>In ordinal order of their paths.</summary>
    public ImmutableArray<BundleEntry> Entries { get; }

    /// <summary>The oldest .NET that can run every assembly of the bundle, major and minor.</summary>
    public Version RequiredFramework { get; }

    /// <summary>The Weft that the program was built with; a worker's own must not be older.</summary>
    public string WeftVersion { get; }

    /// <summary>The simple name of the assembly that the program was started with; empty when it is not part of the bundle.</summary>
    public string EntryAssembly { get; }

    /// <summary>The manifest as it travels.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Lower-case hexadecimal SHA-256 of <see cref="Bytes"/>.</summary>
    public string Hash { get; }

    /// <summary>The entries that a machine of this runtime id has a use for: what it must fetch.</summary>
    public IEnumerable<BundleEntry> EntriesFor(string runtimeId)
    {
        var chain = RuntimeIds.FallbackChain(runtimeId);
        return Entries.Where(entry => chain.Contains(entry.RuntimeId));
    }

    /// <summary>Why a worker with these versions cannot run the bundle, as a sentence; null when it can.</summary>
    public string? RefusalBy(Version framework, string weftVersion)
    {
        if (new Version(framework.Major, framework.Minor) < RequiredFramework)
        {
            return $"The program needs .NET {RequiredFramework} and the worker runs .NET {framework.Major}.{framework.Minor}: install the newer runtime on the workers or build the program for the older one.";
        }

        return Version.TryParse(WeftVersion, out var built) && Version.TryParse(weftVersion, out var own) && own < built
            ? $"The program was built with Weft {WeftVersion} and the worker runs Weft {weftVersion}: update the workers."
            : null;
    }

    public static BundleManifest Create(IEnumerable<BundleEntry> entries, Version requiredFramework, string weftVersion, string entryAssembly = "")
    {
        var ordered = entries.OrderBy(entry => entry.Path, StringComparer.Ordinal).ToImmutableArray();
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("weft", weftVersion);
            json.WriteString("framework", requiredFramework.ToString(2));
            json.WriteString("entry", entryAssembly);
            json.WriteStartArray("entries");
            foreach (var entry in ordered)
            {
                WriteEntry(json, entry);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return new BundleManifest(ordered, requiredFramework, weftVersion, entryAssembly, stream.ToArray());
    }

    /// <summary>Reads what <see cref="Create"/> wrote on another machine.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a manifest, or name a file outside the bundle's directory.</exception>
    public static BundleManifest Parse(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            var root = document.RootElement;
            var listed = root.GetProperty("entries");
            if (listed.GetArrayLength() > EntriesMax)
            {
                throw new InvalidDataException($"A bundle's manifest lists {listed.GetArrayLength()} files; at most {EntriesMax} are allowed.");
            }

            var entries = listed.EnumerateArray().Select(ReadEntry).ToImmutableArray();
            return new BundleManifest(entries, Version.Parse(Text(root, "framework")), Text(root, "weft"), root.TryGetProperty("entry", out var entry) ? entry.GetString() ?? "" : "", bytes);
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new InvalidDataException("These bytes are not a bundle's manifest: " + error.Message, error);
        }
    }

    private static void WriteEntry(Utf8JsonWriter json, BundleEntry entry)
    {
        json.WriteStartObject();
        json.WriteString("path", entry.Path);
        json.WriteString("kind", entry.Kind.ToString());
        json.WriteString("rid", entry.RuntimeId);
        json.WriteString("assembly", entry.AssemblyName);
        json.WriteString("sha256", entry.Sha256);
        json.WriteNumber("length", entry.Length);
        json.WriteEndObject();
    }

    private static BundleEntry ReadEntry(JsonElement json)
    {
        var entry = new BundleEntry(
            Text(json, "path"),
            Enum.Parse<BundleEntryKind>(Text(json, "kind")),
            Text(json, "rid"),
            Text(json, "assembly"),
            Text(json, "sha256"),
            json.GetProperty("length").GetInt64());
        if (!entry.IsSafe)
        {
            throw new InvalidDataException($"A bundle's manifest names the file '{entry.Path}', which is not a path inside the bundle.");
        }

        return entry.Sha256.Length == 64 && entry.Sha256.All(char.IsAsciiHexDigitLower)
            ? entry
            : throw new InvalidDataException($"A bundle's manifest gives '{entry.Sha256}' as the SHA-256 of '{entry.Path}'; 64 lower-case hexadecimal digits are expected.");
    }

    private static string Text(JsonElement json, string name) =>
        json.GetProperty(name).GetString() ?? throw new InvalidDataException($"A bundle's manifest has no '{name}'.");
}
