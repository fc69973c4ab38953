using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace Weft.Serialization;

/// <summary>
/// The bundles of this process, each made once, when a function first needs it. Thread safe. A function always gets the same bundle: the first
/// that holds its assemblies.
/// </summary>
public sealed class BundleCatalog(BundleOptions? options = null) : ICodeOrigin
{
    /// <summary>Asked for every closure that is submitted, and an assembly's name is dear. Weak, so that a plug-in can be unloaded.</summary>
    private static readonly ConditionalWeakTable<Assembly, object> ShippingNeeds = [];

    private readonly BundleOptions _options = Checked(options ?? new BundleOptions());
    private readonly AssemblyImageCache _images = new();
    private readonly Lock _building = new();

    /// <summary>Swapped whole under the lock, read without it.</summary>
    private ImmutableArray<Bundle> _bundles = [];

    /// <summary>In the order in which they were made.</summary>
    public ImmutableArray<Bundle> Bundles => _bundles;

    public Bundle? Find(string hash) => _bundles.FirstOrDefault(bundle => bundle.Hash == hash);

    /// <summary>Null when the assemblies are the framework's and Weft's own, which every worker has.</summary>
    /// <exception cref="DelegateNotShippableException">One of them cannot be shipped.</exception>
    public Bundle? BundleFor(IReadOnlyCollection<Assembly> assemblies, string member)
    {
        var own = assemblies.Where(NeedsShipping).ToList();
        return own.Count == 0 ? null : FirstThatHolds(own) ?? Build(own, member);
    }

    bool ICodeOrigin.IsCommon(Assembly assembly) => !NeedsShipping(assembly);

    string ICodeOrigin.BundleHashFor(IReadOnlyCollection<Assembly> assemblies, string member) => BundleFor(assemblies, member)?.Hash ?? "";

    private static bool NeedsShipping(Assembly assembly) => (bool)ShippingNeeds.GetValue(assembly, static assembly =>
        assembly.IsDynamic || !WeftAssemblies.Contains(assembly.GetName().Name ?? "") && !FrameworkAssemblies.Contains(assembly));

    private static BundleOptions Checked(BundleOptions options)
    {
        foreach (var path in options.ContentPaths)
        {
            if (Path.IsPathRooted(path) || path.Split('/', '\\').Contains(".."))
            {
                throw new ArgumentException($"The content path '{path}' leaves the program's folder; a relative path within it is expected.", nameof(options));
            }
        }

        return options;
    }

    private Bundle? FirstThatHolds(List<Assembly> assemblies)
    {
        foreach (var bundle in _bundles)
        {
            if (assemblies.TrueForAll(bundle.Contains))
            {
                return bundle;
            }
        }

        return null;
    }

    private Bundle Build(List<Assembly> assemblies, string member)
    {
        lock (_building)
        {
            if (FirstThatHolds(assemblies) is { } meanwhile)
            {
                return meanwhile;
            }

            assemblies.ForEach(assembly => RequireImage(assembly, member));
            var roots = WithEntry(assemblies);
            var entry = roots.Find(root => root == _options.EntryAssembly);
            var bundle = new BundleBuilder(_images, _options.ContentPaths).Build(roots, entry);
            _bundles = _bundles.Add(bundle);
            return bundle;
        }
    }

    private List<Assembly> WithEntry(List<Assembly> assemblies) =>
        _options.EntryAssembly is { } entry
        && NeedsShipping(entry)
        && assemblies.TrueForAll(assembly => AssemblyLoadContext.GetLoadContext(assembly) == AssemblyLoadContext.GetLoadContext(entry))
        && _images.TryGet(entry) is not null
            ? [entry, .. assemblies.Where(assembly => assembly != entry)]
            : assemblies;

    private void RequireImage(Assembly assembly, string member)
    {
        if (_images.TryGet(assembly) is not null)
        {
            return;
        }

        throw assembly switch
        {
            { IsDynamic: true } => DelegateNotShippableException.ForEmitted(member, assembly),
            { Location: "" } => new DelegateNotShippableException(member, $"its assembly '{assembly.GetName().Name}' has no file, and its image cannot be read back from memory; keep it in a file of its own, or publish the single file without ReadyToRun."),
            _ => new DelegateNotShippableException(member, $"the file '{assembly.Location}' has changed since this program loaded it; start the program again."),
        };
    }
}
