using System.Reflection;

namespace Weft.Serialization;

/// <summary>A bundle that this worker can run functions of.</summary>
public sealed class LoadedBundle : CodeSource
{
    private readonly BundleLoadContext _context;

    internal LoadedBundle(BundleManifest manifest, string directory, BundleLoadContext context)
    {
        Manifest = manifest;
        Directory = directory;
        _context = context;
    }

    public BundleManifest Manifest { get; }

    public override string BundleHash => Manifest.Hash;

    /// <summary>Where its files stand under their own names.</summary>
    public string Directory { get; }

    internal override Assembly? FindAssembly(string simpleName)
    {
        try
        {
            return _context.LoadFromAssemblyName(new AssemblyName { Name = simpleName });
        }
        catch (Exception error) when (error is IOException or BadImageFormatException)
        {
            return null;
        }
    }
}
