using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Weft.Client.Core;
using Weft.Serialization;

namespace Weft.Client;

/// <summary>The functions of this process as the cluster knows them. Thread safe.</summary>
/// <param name="code">Where their code comes from.</param>
/// <param name="statics">Looks at each function once; null where functions run in this process, and its static fields are theirs.</param>
internal sealed class FunctionCatalog(ICodeOrigin code, StaticWarnings? statics)
{
    private readonly FunctionDescriber _describer = new(code);

    /// <summary>Grows with the program's methods, not with its delegates.</summary>
    private readonly ConcurrentDictionary<FunctionDescriptor, FunctionDefinition> _definitions = new(ReferenceEqualityComparer.Instance);

    /// <summary>Delegates without a target are made once by the compiler and used again and again.</summary>
    private readonly ConditionalWeakTable<Delegate, KnownFunction> _known = [];

    /// <exception cref="DelegateNotShippableException">The function cannot run in another process.</exception>
    public KnownFunction Describe(Delegate function)
    {
        ArgumentNullException.ThrowIfNull(function);
        if (_known.TryGetValue(function, out var known))
        {
            return known;
        }

        var shipped = _describer.Describe(function);
        if (!_definitions.TryGetValue(shipped.Descriptor, out var definition))
        {
            statics?.Look(function.Method, shipped.Descriptor.DisplayName);
            definition = _definitions.GetOrAdd(shipped.Descriptor, Define);
        }

        known = new KnownFunction(shipped, definition);
        if (!shipped.Descriptor.HasTarget)
        {
            _known.TryAdd(function, known);
        }

        return known;
    }

    private static FunctionDefinition Define(FunctionDescriptor descriptor) =>
        new(descriptor.ToBytes(), descriptor.DisplayName, descriptor.BundleHash);
}

/// <summary>A delegate, taken apart, and its function as the core speaks of it.</summary>
internal sealed record KnownFunction(ShippedFunction Shipped, FunctionDefinition Definition);
