using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Weft.Serialization;

/// <summary>One assembly as it would be shipped. Its file is read once: for the hash, the module version id and the references together.</summary>
internal sealed class AssemblyImage
{
    private AssemblyImage(string? path, byte[] bytes)
    {
        SourcePath = path;
        Sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes));
        Length = bytes.Length;
        Memory = path is null ? bytes : null;

        using var image = new PEReader(ImmutableCollectionsMarshal.AsImmutableArray(bytes));
        var metadata = image.GetMetadataReader();
        Name = metadata.GetString(metadata.GetAssemblyDefinition().Name);
        Mvid = metadata.GetGuid(metadata.GetModuleDefinition().Mvid);
        References = [.. metadata.AssemblyReferences.Select(metadata.GetAssemblyReference).Select(reference => (metadata.GetString(reference.Name), reference.Version))];
    }

    public string Name { get; }

    public Guid Mvid { get; }

    public string Sha256 { get; }

    public long Length { get; }

    /// <summary>Where the assembly stands on this machine; null when it has no file.</summary>
    public string? SourcePath { get; }

    /// <summary>The image itself when it has no file.</summary>
    public byte[]? Memory { get; }

    public ImmutableArray<(string Name, Version Version)> References { get; }

    /// <summary>Null when the file is not a managed assembly.</summary>
    public static AssemblyImage? TryRead(string path)
    {
        try
        {
            return new AssemblyImage(path, File.ReadAllBytes(path));
        }
        catch (Exception error) when (error is BadImageFormatException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>An assembly that was loaded from bytes or from within a single-file program; null when its image cannot be had.</summary>
    public static AssemblyImage? TryReadLoaded(Assembly assembly) =>
        LoadedImage.TryCopy(assembly) is { } bytes ? new AssemblyImage(null, bytes) : null;
}
