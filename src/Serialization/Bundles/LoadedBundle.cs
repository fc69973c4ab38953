using System.Reflection;
using System.Runtime.Loader;

namespace Weft.Serialization;

/// <summary>
/// A bundle that this worker can run functions of. It is also the origin of functions that a task itself submits or returns: they are of the same bundle.
/// </summary>
public sealed class LoadedBundle : CodeSource, ICodeOrigin
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

    bool ICodeOrigin.IsCommon(Assembly assembly) => AssemblyLoadContext.GetLoadContext(assembly) != _context;

    string ICodeOrigin.BundleHashFor(IReadOnlyCollection<Assembly> assemblies, string member)
    {
        if (assemblies.FirstOrDefault(assembly => assembly.IsDynamic) is { } emitted)
        {
            throw DelegateNotShippableException.ForEmitted(member, emitted);
        }

        return assemblies.Any(assembly => AssemblyLoadContext.GetLoadContext(assembly) == _context) ? BundleHash : "";
    }

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
