using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.Loader;

namespace Weft.Serialization;

/// <summary>From a type's name in data to the type, and to its shape.</summary>
internal sealed class TypeLookup(ValueSerializer serializer)
{
    /// <summary>Longer than any sane name; generic arguments nest, and the parser's cost must stay bounded.</summary>
    private const int NameLengthMax = 4096;

    public Shape ShapeNamed(CodecCache cache, ReadOnlySpan<byte> utf8Name)
    {
        Span<char> name = stackalloc char[256];
        ConcurrentDictionary<string, Shape>.AlternateLookup<ReadOnlySpan<char>> lookup = cache.Named.GetAlternateLookup<ReadOnlySpan<char>>();
        if (utf8Name.Length <= name.Length
            && System.Text.Encoding.UTF8.TryGetChars(utf8Name, name, out int length)
            && lookup.TryGetValue(name[..length], out Shape? known))
        {
            return known;
        }

        return ShapeNamed(cache, StringOf(utf8Name));
    }

    /// <summary>The type that a name in data stands for.</summary>
    public Type Resolve(string name)
    {
        Type? type;
        try
        {
            type = serializer.TypeResolver is { } resolver ? resolver(name) : FindLoaded(name);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            throw new ValueSerializationException($"The type '{name}' could not be loaded: {exception.Message}", exception);
        }

        return type ?? throw new ValueSerializationException($"The type '{name}' is not known here");
    }

    public static string StringOf(ReadOnlySpan<byte> utf8Name)
    {
        if (utf8Name.Length > NameLengthMax)
        {
            ValueSerializationException.Malformed($"a type name of {utf8Name.Length} bytes");
        }

        try
        {
            return StrictUtf8.Encoding.GetString(utf8Name);
        }
        catch (ArgumentException)
        {
            throw new ValueSerializationException("Malformed data: a type name is not UTF-8");
        }
    }

    private Shape ShapeNamed(CodecCache cache, string name)
    {
        Type type = Resolve(name);
        if (Refusals.IsGadget(type))
        {
            throw new ValueSerializationException($"The type '{name}' is not allowed in data: it can be made to run code");
        }

        Shape shape = serializer.ShapeFor(type);
        cache.Named.TryAdd(name, shape);
        return shape;
    }

    private static Type? FindLoaded(string name) =>
        Type.GetType(name, FindAssembly, typeResolver: null, throwOnError: false);

    private static Assembly? FindAssembly(AssemblyName name)
    {
        foreach (Assembly assembly in AssemblyLoadContext.Default.Assemblies)
        {
            if (assembly.GetName().Name == name.Name)
            {
                return assembly;
            }
        }

        foreach (Assembly assembly in AppDomain.CurrentDomain.GetAssemblies())
        {
            if (assembly.GetName().Name == name.Name)
            {
                return assembly;
            }
        }

        try
        {
            return Assembly.Load(new AssemblyName(name.Name!));
        }
        catch (Exception exception) when (exception is IOException or BadImageFormatException)
        {
            return null;
        }
    }
}
