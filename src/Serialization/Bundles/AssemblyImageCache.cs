using System.Reflection;
using System.Security.Cryptography;

namespace Weft.Serialization;

/// <summary>What has been read from this machine's files, so that none is read twice. Not thread safe: its catalog's lock guards it.</summary>
internal sealed class AssemblyImageCache
{
    private readonly Dictionary<string, AssemblyImage?> _byPath = new(StringComparer.Ordinal);
    private readonly Dictionary<Guid, AssemblyImage?> _inMemory = [];
    private readonly Dictionary<string, (string Sha256, long Length)> _hashes = new(StringComparer.Ordinal);

    /// <summary>Null when the assembly has no image to be had, or its file is no longer the one that was loaded.</summary>
    public AssemblyImage? TryGet(Assembly assembly)
    {
        if (assembly.IsDynamic)
        {
            return null;
        }

        var mvid = assembly.ManifestModule.ModuleVersionId;
        if (assembly.Location.Length > 0)
        {
            return TryGet(assembly.Location) is { } image && image.Mvid == mvid ? image : null;
        }

        if (!_inMemory.TryGetValue(mvid, out var copied))
        {
            _inMemory.Add(mvid, copied = AssemblyImage.TryReadLoaded(assembly));
        }

        return copied;
    }

    /// <summary>Null when the file is not a managed assembly.</summary>
    public AssemblyImage? TryGet(string path)
    {
        if (!_byPath.TryGetValue(path, out var image))
        {
            _byPath.Add(path, image = AssemblyImage.TryRead(path));
        }

        return image;
    }

    /// <summary>Hash and length of a file that is not an assembly.</summary>
    public (string Sha256, long Length) HashOf(string path)
    {
        if (!_hashes.TryGetValue(path, out var hash))
        {
            using var stream = File.OpenRead(path);
            _hashes.Add(path, hash = (Convert.ToHexStringLower(SHA256.HashData(stream)), stream.Length));
        }

        return hash;
    }
}
