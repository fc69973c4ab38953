using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Reflection;

namespace Weft.Serialization;

/// <summary>A program's code as it is shipped to workers: its assemblies, what they depend on outside the framework, and what belongs to them.</summary>
public sealed class Bundle
{
    private readonly FrozenSet<Guid> _modules;

    internal Bundle(BundleManifest manifest, ImmutableArray<BundleFile> files, IEnumerable<Guid> modules)
    {
        Manifest = manifest;
        Files = files;
        _modules = modules.ToFrozenSet();
    }

    /// <summary>Names the bundle: SHA-256 of the manifest, lower-case hexadecimal.</summary>
    public string Hash => Manifest.Hash;

    public BundleManifest Manifest { get; }

    /// <summary>In the order of the manifest's entries.</summary>
    public ImmutableArray<BundleFile> Files { get; }

    internal bool Contains(Assembly assembly) => _modules.Contains(assembly.ManifestModule.ModuleVersionId);
}
