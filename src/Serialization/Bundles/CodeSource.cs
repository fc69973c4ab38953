using System.Collections.Concurrent;
using System.Reflection;

namespace Weft.Serialization;

/// <summary>Where a worker finds the code of functions and the types of values: a loaded bundle, or its own process. Thread safe.</summary>
public abstract class CodeSource
{
    private readonly ConcurrentDictionary<string, Type> _types = new(StringComparer.Ordinal);

    /// <summary>The bundle's hash; empty for the process itself.</summary>
    public abstract string BundleHash { get; }

    /// <summary>The type of a name that was written on another machine; null when there is none. Fit for <c>ValueSerializer.TypeResolver</c>.</summary>
    /// <param name="name">Assembly-qualified, without versions.</param>
    public Type? ResolveType(string name)
    {
        if (_types.TryGetValue(name, out var known))
        {
            return known;
        }

        if (TypeNames.Resolve(name, FindAssembly) is not { } type)
        {
            return null;
        }

        // Names come from peers: a bound keeps a chatty one from filling the memory.
        if (_types.Count < 10_000)
        {
            _types.TryAdd(name, type);
        }

        return type;
    }

    /// <summary>The assembly of this simple name; null when there is none.</summary>
    internal abstract Assembly? FindAssembly(string simpleName);

    /// <summary>The assembly whose module bears this version id; null when there is none, be there one of the same name or not.</summary>
    internal virtual Assembly? FindAssembly(string simpleName, Guid mvid) =>
        FindAssembly(simpleName) is { } assembly && assembly.ManifestModule.ModuleVersionId == mvid ? assembly : null;
}
