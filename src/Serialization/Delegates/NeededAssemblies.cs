using System.Reflection;
using System.Runtime.CompilerServices;

namespace Weft.Serialization;

/// <summary>The assemblies without which a worker could not name a function's method, its generic arguments and what it captured.</summary>
internal static class NeededAssemblies
{
    /// <summary>Closures nest as scopes do; deeper than this they are data structures, and data is found by its declared types.</summary>
    private const int DepthMax = 8;

    public static IReadOnlyCollection<Assembly> Of(MethodInfo method, object? target)
    {
        var needed = new HashSet<Assembly> { method.Module.Assembly };
        AddType(needed, method.DeclaringType!);
        if (method.IsGenericMethod)
        {
            Array.ForEach(method.GetGenericArguments(), argument => AddType(needed, argument));
        }

        AddTarget(needed, target, DepthMax);
        return needed;
    }

    private static void AddType(HashSet<Assembly> needed, Type type)
    {
        while (type.HasElementType)
        {
            type = type.GetElementType()!;
        }

        needed.Add(type.Assembly);
        if (type.IsConstructedGenericType)
        {
            Array.ForEach(type.GenericTypeArguments, argument => AddType(needed, argument));
        }
    }

    /// <summary>What the values of a closure really are shows only at run time: captured delegates, and objects behind interfaces.</summary>
    private static void AddTarget(HashSet<Assembly> needed, object? target, int depth)
    {
        if (target is null || depth == 0)
        {
            return;
        }

        if (target is Delegate captured)
        {
            needed.UnionWith([captured.Method.Module.Assembly]);
            AddTarget(needed, captured.Target, depth - 1);
            return;
        }

        var type = target.GetType();
        AddType(needed, type);
        if (!type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false))
        {
            return;
        }

        foreach (var field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
        {
            if (!field.FieldType.IsValueType && !field.FieldType.IsSealed || field.FieldType.IsSubclassOf(typeof(Delegate)) || field.FieldType.Name.Contains('<'))
            {
                AddTarget(needed, field.GetValue(target), depth - 1);
            }
        }
    }
}
