using System.Collections.Frozen;
using System.Reflection;
using System.Runtime.Loader;

namespace Weft.Serialization;

/// <summary>
/// A bundle's own world in a worker. Weft's assemblies and the framework's are the worker's; everything else is the bundle's, so that a program
/// may use another version of a package than the worker does. Not collectible: serializers, static caches and native libraries pin it anyway.
/// </summary>
internal sealed class BundleLoadContext : AssemblyLoadContext
{
    private static readonly AssemblyLoadContext Own = GetLoadContext(typeof(BundleLoadContext).Assembly) ?? Default;

    private readonly string _entry;
    private readonly FrozenDictionary<string, string> _assemblies;
    private readonly FrozenDictionary<string, string> _natives;

    /// <param name="hash">The bundle's hash, which names the context in dumps and debuggers.</param>
    /// <param name="entry">The simple name of the program's entry assembly; empty when it is not part of the bundle.</param>
    /// <param name="directory">Where the bundle's files stand.</param>
    /// <param name="entries">Those for this machine.</param>
    /// <param name="runtimeIds">What this machine is, from the most special name on.</param>
    public BundleLoadContext(string hash, string entry, string directory, IReadOnlyList<BundleEntry> entries, IReadOnlyList<string> runtimeIds)
        : base("bundle " + hash[..12])
    {
        _entry = entry;
        _assemblies = BestPaths(BundleEntryKind.Assembly, entry => entry.AssemblyName);
        _natives = BestPaths(BundleEntryKind.Native, entry => Path.GetFileName(entry.Path));

        FrozenDictionary<string, string> BestPaths(BundleEntryKind kind, Func<BundleEntry, string> key) =>
            entries.Where(entry => entry.Kind == kind)
                .GroupBy(key, StringComparer.OrdinalIgnoreCase)
                .ToFrozenDictionary(
                    same => same.Key,
                    same => Path.Combine(directory, same.MinBy(entry => Rank(entry.RuntimeId))!.Path),
                    StringComparer.OrdinalIgnoreCase);

        int Rank(string runtimeId) => runtimeIds.Index().First(id => id.Item == runtimeId).Index;
    }

    /// <summary>The assembly that the client's process was started with; null when it is not part of the bundle.</summary>
    public Assembly? EntryAssembly => _assemblies.ContainsKey(_entry) ? LoadFromAssemblyName(new AssemblyName { Name = _entry }) : null;

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        var name = assemblyName.Name ?? "";
        if (WeftAssemblies.Contains(name))
        {
            return Own.LoadFromAssemblyName(assemblyName);
        }

        if (!string.IsNullOrEmpty(assemblyName.CultureName) || !_assemblies.TryGetValue(name, out var path))
        {
            return null;
        }

        return FrameworkAssemblies.Contains(name) && !IsNewerThanFramework(path, name) ? null : LoadFromAssemblyPath(path);
    }

    protected override nint LoadUnmanagedDll(string unmanagedDllName)
    {
        foreach (var name in FileNamesFor(unmanagedDllName))
        {
            if (_natives.TryGetValue(name, out var path))
            {
                return LoadUnmanagedDllFromPath(path);
            }
        }

        return 0;
    }

    /// <summary>A package may carry a newer copy of an assembly that this worker's framework has too; the higher version wins, as in any program.</summary>
    private static bool IsNewerThanFramework(string path, string name) =>
        FrameworkAssemblies.TrustedPath(name) is not { } own || AssemblyName.GetAssemblyName(path).Version > AssemblyName.GetAssemblyName(own).Version;

    /// <summary>What the runtime would try: the name as it is, with this system's suffix, and with its prefix.</summary>
    private static string[] FileNamesFor(string name)
    {
        var suffix = OperatingSystem.IsWindows() ? ".dll" : OperatingSystem.IsMacOS() ? ".dylib" : ".so";
        return OperatingSystem.IsWindows()
            ? [name, name + suffix]
            : [name, name + suffix, "lib" + name + suffix, "lib" + name];
    }
}
