using System.Collections.Concurrent;
using System.Reflection;
using System.Text;

namespace Weft.Serialization;

/// <summary>
/// Names of types: for data (qualified by the simple names of assemblies, without versions, so that patched frameworks understand each other) and for people.
/// </summary>
internal sealed class TypeNames
{
    private readonly ConcurrentDictionary<Type, byte[]> _utf8 = new();

    /// <summary>The name that goes into data.</summary>
    public ReadOnlySpan<byte> Utf8Of(Type type) => _utf8.GetOrAdd(type, static t => Encoding.UTF8.GetBytes(Of(t)));

    public static string Of(Type type)
    {
        if (type.IsGenericParameter || type.FullName is null)
        {
            throw ValueSerializationException.Refused(type, "it is not a complete type");
        }

        return AppendType(new StringBuilder(), type).Append(", ").Append(AssemblyName(type)).ToString();
    }

    /// <summary>The name as a C# programmer would write it, with namespaces.</summary>
    public static string Display(Type type) => AppendDisplay(new StringBuilder(), type, withNamespace: true).ToString();

    /// <summary>The same without namespaces: the root of a member path.</summary>
    public static string DisplayShort(Type type) => AppendDisplay(new StringBuilder(), type, withNamespace: false).ToString();

    /// <summary>The type of a name that was written elsewhere. Null when a type or an assembly of the name is not there, or when this is no name.</summary>
    public static Type? Resolve(string name, Func<string, Assembly?> findAssembly)
    {
        try
        {
            return Type.GetType(name, assembly => findAssembly(assembly.Name ?? ""), typeResolver: null, throwOnError: false);
        }
        catch (Exception error) when (error is ArgumentException or IOException or TypeLoadException or BadImageFormatException)
        {
            return null;
        }
    }

    /// <summary>Escaped where the name has commas or the like.</summary>
    private static string AssemblyName(Type type) => new AssemblyName { Name = type.Assembly.GetName().Name }.FullName;

    private static StringBuilder AppendType(StringBuilder text, Type type)
    {
        if (type.HasElementType)
        {
            AppendType(text, type.GetElementType()!);
            return text.Append(type.IsSZArray ? "[]" : type.IsArray && type.GetArrayRank() == 1 ? "[*]" : type.IsArray ? $"[{new string(',', type.GetArrayRank() - 1)}]" : type.IsPointer ? "*" : "&");
        }

        if (!type.IsConstructedGenericType)
        {
            return text.Append(type.FullName);
        }

        text.Append(type.GetGenericTypeDefinition().FullName).Append('[');
        foreach (Type argument in type.GenericTypeArguments)
        {
            AppendType(text.Append('['), argument).Append(", ").Append(AssemblyName(argument)).Append("],");
        }

        text.Length--;
        return text.Append(']');
    }

    private static StringBuilder AppendDisplay(StringBuilder text, Type type, bool withNamespace)
    {
        if (type.HasElementType)
        {
            AppendDisplay(text, type.GetElementType()!, withNamespace);
            return text.Append(type.IsArray ? $"[{new string(',', type.GetArrayRank() - 1)}]" : type.IsPointer ? "*" : "&");
        }

        if (type.IsGenericParameter)
        {
            return text.Append(type.Name);
        }

        if (type.Name.StartsWith("<>c", StringComparison.Ordinal))
        {
            return text.Append("closure");
        }

        if (type.Name.StartsWith("<>f__AnonymousType", StringComparison.Ordinal))
        {
            return text.Append("anonymous");
        }

        Type[] arguments = type.GetGenericArguments();
        if (type.DeclaringType is { } outer)
        {
            int own = outer.GetGenericArguments().Length;
            Type shown = own > 0 && type.IsConstructedGenericType ? outer.MakeGenericType(arguments[..own]) : outer;
            AppendDisplay(text, shown, withNamespace).Append('.');
            arguments = arguments[own..];
        }
        else if (withNamespace && type.Namespace is { } space)
        {
            text.Append(space).Append('.');
        }

        int tick = type.Name.IndexOf('`', StringComparison.Ordinal);
        text.Append(tick < 0 ? type.Name : type.Name[..tick]);
        if (arguments.Length > 0)
        {
            text.Append('<');
            foreach (Type argument in arguments)
            {
                AppendDisplay(text, argument, withNamespace).Append(", ");
            }

            text.Length -= 2;
            text.Append('>');
        }

        return text;
    }
}
