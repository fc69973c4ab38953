using System.Collections.Frozen;
using System.Reflection;

namespace Weft.Serialization;

/// <summary>
/// The assemblies that come with .NET itself: on this machine and on every worker, so they are never shipped. A package that carries a newer
/// copy of one of them beside the program counts as the program's own, as it does for the host that started the program.
/// </summary>
internal static class FrameworkAssemblies
{
    private static readonly string SharedRoot = FindSharedRoot();

    /// <summary>Where the host found each assembly of the default load context, by simple name.</summary>
    private static readonly FrozenDictionary<string, string> TrustedPaths = ReadTrustedPaths();

    private static readonly FrozenSet<string> Names = FindNames();

    public static bool Contains(string simpleName) => Names.Contains(simpleName);

    public static bool Contains(Assembly assembly) => Contains(assembly.GetName().Name ?? "") && !IsOwn(assembly);

    /// <summary>The program's own file for this assembly, as the host resolved it before the program began; null when the host knows none.</summary>
    public static string? TrustedPath(string simpleName) => TrustedPaths.GetValueOrDefault(simpleName);

    private static bool IsOwn(Assembly assembly) =>
        SharedRoot.Length > 0 && assembly.Location.Length > 0 && !assembly.Location.StartsWith(SharedRoot, StringComparison.Ordinal);

    /// <summary>".../dotnet/shared/" when the program uses an installed .NET; empty when it carries its own.</summary>
    private static string FindSharedRoot()
    {
        var framework = Path.GetDirectoryName(AppContext.GetData("FX_DEPS_FILE") as string ?? "");
        var shared = string.IsNullOrEmpty(framework) ? null : Path.GetDirectoryName(Path.GetDirectoryName(framework));
        return Path.GetFileName(shared) == "shared" ? shared + Path.DirectorySeparatorChar : "";
    }

    private static FrozenDictionary<string, string> ReadTrustedPaths()
    {
        var paths = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var list = AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") as string ?? "";
        foreach (var path in list.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            paths.TryAdd(Path.GetFileNameWithoutExtension(path), path);
        }

        return paths.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    private static FrozenSet<string> FindNames()
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "System.Private.CoreLib", "mscorlib", "netstandard" };
        if (SharedRoot.Length > 0)
        {
            names.UnionWith(TrustedPaths.Where(pair => pair.Value.StartsWith(SharedRoot, StringComparison.Ordinal)).Select(pair => pair.Key));
        }
        else
        {
            names.UnionWith(CarriedNames());
        }

        return names.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>A self-contained program lists the framework's files in its dependency file as those of "runtime packs".</summary>
    private static IEnumerable<string> CarriedNames()
    {
        var listed = (AppContext.GetData("APP_CONTEXT_DEPS_FILES") as string ?? "")
            .Split([';', Path.PathSeparator], StringSplitOptions.RemoveEmptyEntries)
            .Select(DependencyFile.TryRead)
            .OfType<DependencyFile>()
            .SelectMany(file => file.RuntimePackAssemblies)
            .ToList();
        return listed.Count > 0 ? listed : TrustedPaths.Keys.Concat(LoadedNames()).Where(IsNamedLikeFramework);
    }

    /// <summary>A single-file program keeps its dependency file inside itself, so only the names are left to go by.</summary>
    private static bool IsNamedLikeFramework(string name) =>
        name.StartsWith("System.", StringComparison.Ordinal) || name is "System" or "WindowsBase" or "Microsoft.CSharp"
        || name.StartsWith("Microsoft.Win32.", StringComparison.Ordinal) || name.StartsWith("Microsoft.VisualBasic", StringComparison.Ordinal)
        || name.StartsWith("Microsoft.AspNetCore.", StringComparison.Ordinal) || name.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal);

    private static IEnumerable<string> LoadedNames() => AppDomain.CurrentDomain.GetAssemblies().Select(assembly => assembly.GetName().Name ?? "");
}
