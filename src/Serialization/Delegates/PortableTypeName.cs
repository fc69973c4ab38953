using System.Reflection;
using System.Text;

namespace Weft.Serialization;

/// <summary>Assembly-qualified type names without versions, cultures and keys, so that a worker's newer framework still understands them.</summary>
internal static class PortableTypeName
{
    public static string Of(Type type)
    {
        var name = new StringBuilder();
        AppendQualified(name, type);
        return name.ToString();
    }

    /// <summary>Null when a type or an assembly of the name is not there, or when this is no name.</summary>
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

    private static void AppendQualified(StringBuilder name, Type type)
    {
        AppendFull(name, type);
        name.Append(", ").Append(new AssemblyName { Name = type.Assembly.GetName().Name }.FullName);
    }

    private static void AppendFull(StringBuilder name, Type type)
    {
        if (type.HasElementType)
        {
            var element = type.GetElementType()!;
            AppendFull(name, element);
            name.Append(Suffix(type));
            return;
        }

        if (!type.IsConstructedGenericType)
        {
            name.Append(type.FullName);
            return;
        }

        name.Append(type.GetGenericTypeDefinition().FullName).Append('[');
        var separator = "";
        foreach (var argument in type.GenericTypeArguments)
        {
            name.Append(separator).Append('[');
            AppendQualified(name, argument);
            name.Append(']');
            separator = ",";
        }

        name.Append(']');
    }

    private static string Suffix(Type type) =>
        type.IsPointer ? "*"
        : type.IsByRef ? "&"
        : type.IsSZArray ? "[]"
        : type.GetArrayRank() == 1 ? "[*]"
        : "[" + new string(',', type.GetArrayRank() - 1) + "]";
}
