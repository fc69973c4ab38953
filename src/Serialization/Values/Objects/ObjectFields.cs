using System.Reflection;

namespace Weft.Serialization;

/// <summary>The fields that make up an object or a struct, in an order that both sides agree on: base classes first, then as declared.</summary>
internal static class ObjectFields
{
    /// <summary>FieldAttributes.NotSerialized, which is what <see cref="NonSerializedAttribute"/> compiles to; its name is marked obsolete.</summary>
    private const FieldAttributes NotSerialized = (FieldAttributes)0x80;

    /// <param name="type">Whose fields.</param>
    /// <param name="until">A base class whose fields (and those of its bases) are left out.</param>
    public static FieldInfo[] Of(Type type, Type? until = null)
    {
        List<FieldInfo> fields = [];
        Stack<Type> chain = [];
        for (Type? level = type; level is not null && level != until; level = level.BaseType)
        {
            chain.Push(level);
        }

        foreach (Type level in chain)
        {
            FieldInfo[] own = level.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly);
            fields.AddRange(own.Where(field => (field.Attributes & NotSerialized) == 0).OrderBy(field => field.MetadataToken));
        }

        return [.. fields];
    }

    /// <summary>The name a programmer knows a field by; empty for what the compiler alone has put there.</summary>
    public static string DisplayName(FieldInfo field)
    {
        string name = field.Name;
        if (name.StartsWith("CS$<>8__locals", StringComparison.Ordinal))
        {
            return "";
        }

        if (name.Length == 0 || name[0] != '<')
        {
            return name;
        }

        int end = name.IndexOf('>', StringComparison.Ordinal);
        return end > 1 ? name[1..end] : name.EndsWith("__this", StringComparison.Ordinal) ? "this" : name;
    }

    /// <summary>
    /// Whether nobody can tell two equal instances apart but by reference, and none can contain itself: a scalar, or made of readonly leaves.
    /// Such objects are written each time they are met, which is cheaper than to remember them.
    /// </summary>
    public static bool IsLeaf(Type type) => IsLeaf(type, []);

    private static bool IsLeaf(Type type, HashSet<Type> open)
    {
        if (ScalarCodecs.TryGet(type, out _) || type.IsEnum || type == typeof(Uri) || type == typeof(Version))
        {
            return true;
        }

        if (Nullable.GetUnderlyingType(type) is { } inner)
        {
            return IsLeaf(inner, open);
        }

        if (!type.IsValueType && !type.IsClass || type.IsArray || type == typeof(object) || type.IsPointer || IsMemory(type) || !open.Add(type))
        {
            return false;
        }

        bool isLeaf = Of(type).All(field =>
            (type.IsValueType || field.IsInitOnly) && (field.FieldType.IsValueType || field.FieldType.IsSealed) && IsLeaf(field.FieldType, open));
        open.Remove(type);
        return isLeaf;
    }

    private static bool IsMemory(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() is { } definition
        && (definition == typeof(Memory<>) || definition == typeof(ReadOnlyMemory<>));
}
