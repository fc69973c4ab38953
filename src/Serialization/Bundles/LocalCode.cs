using System.Reflection;
using System.Runtime.Loader;

namespace Weft.Serialization;

/// <summary>
/// The code of this very process, for an embedded cluster: nothing is shipped, and functions are found again among the assemblies that are loaded.
/// </summary>
public sealed class LocalCode : CodeSource, ICodeOrigin
{
    public static LocalCode Instance { get; } = new();

    public override string BundleHash => "";

    bool ICodeOrigin.IsCommon(Assembly assembly) => FrameworkAssemblies.Contains(assembly);

    string ICodeOrigin.BundleHashFor(IReadOnlyCollection<Assembly> assemblies, string member)
    {
        if (assemblies.FirstOrDefault(assembly => assembly.IsDynamic) is { } emitted)
        {
            throw DelegateNotShippableException.ForEmitted(member, emitted);
        }

        return "";
    }

    internal override Assembly? FindAssembly(string simpleName, Guid mvid) =>
        Named(simpleName).FirstOrDefault(assembly => assembly.ManifestModule.ModuleVersionId == mvid) ?? base.FindAssembly(simpleName, mvid);

    /// <summary>The default load context's own first: a plug-in's copy of the same library is a different one.</summary>
    internal override Assembly? FindAssembly(string simpleName) =>
        Named(simpleName).OrderBy(assembly => AssemblyLoadContext.GetLoadContext(assembly) == AssemblyLoadContext.Default ? 0 : 1).FirstOrDefault()
        ?? TryLoad(simpleName);

    private static IEnumerable<Assembly> Named(string simpleName) =>
        AppDomain.CurrentDomain.GetAssemblies().Where(assembly => !assembly.IsDynamic && string.Equals(assembly.GetName().Name, simpleName, StringComparison.OrdinalIgnoreCase));

    private static Assembly? TryLoad(string simpleName)
    {
        try
        {
            return Assembly.Load(new AssemblyName { Name = simpleName });
        }
        catch (Exception error) when (error is IOException or BadImageFormatException)
        {
            return null;
        }
    }
}
