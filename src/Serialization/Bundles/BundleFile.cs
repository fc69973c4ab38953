namespace Weft.Serialization;

/// <summary>One file of a bundle on the machine that ships it.</summary>
public sealed class BundleFile
{
    private readonly byte[]? _memory;

    internal BundleFile(BundleEntry entry, string? sourcePath, byte[]? memory)
    {
        Entry = entry;
        SourcePath = sourcePath;
        _memory = memory;
    }

    public BundleEntry Entry { get; }

    /// <summary>Where it stands; null for an assembly that has no file.</summary>
    public string? SourcePath { get; }

    /// <summary>The file's content. Whoever sends it checks it against the entry's hash, for a file may be rebuilt while its program runs.</summary>
    public Stream OpenRead() => _memory is null ? File.OpenRead(SourcePath!) : new MemoryStream(_memory, writable: false);
}
