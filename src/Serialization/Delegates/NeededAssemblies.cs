using System.Reflection;
using System.Runtime.CompilerServices;

namespace Weft.Serialization;

/// <summary>The assemblies without which a worker could not name a function's method, its generic arguments and what it captured.</summary>
internal static class NeededAssemblies
{
    /// <summary>Closures nest as scopes do; deeper than this they are data structures, and data is found by its declared types.</summary>
    private const int DepthMax = 8;

    /// <summary>By type of closure, the fields behind which may be more than their declared types say. Weak, so that a plug-in can be unloaded.</summary>
    private static readonly ConditionalWeakTable<Type, FieldInfo[]> OpenFields = [];

    public static IReadOnlyCollection<Assembly> Of(MethodInfo method, object? target)
    {
        var needed = new HashSet<Assembly> { method.Module.Assembly };
        AddType(needed, method.DeclaringType!);
        if (method.IsGenericMethod)
        {
            Array.ForEach(method.GetGenericArguments(), argument => AddType(needed, argument));
        }

        if (target is not null)
        {
            AddTarget(needed, target, DepthMax, new HashSet<object>(ReferenceEqualityComparer.Instance));
        }

        return needed;
    }

    /// <summary>Whether two targets of this one's type may need different assemblies.</summary>
    public static bool VaryWith(object target) => OpenFieldsOf(target.GetType()).Length > 0;

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
    private static void AddTarget(HashSet<Assembly> needed, object? target, int depth, HashSet<object> seen)
    {
        if (target is null || depth == 0 || !seen.Add(target))
        {
            return;
        }

        if (target is Delegate captured)
        {
            needed.Add(captured.Method.Module.Assembly);
            AddTarget(needed, captured.Target, depth - 1, seen);
            return;
        }

        AddType(needed, target.GetType());
        foreach (var field in OpenFieldsOf(target.GetType()))
        {
            AddTarget(needed, field.GetValue(target), depth - 1, seen);
        }
    }

    private static FieldInfo[] OpenFieldsOf(Type type) => OpenFields.GetValue(type, static type =>
        type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false)
            ? Array.FindAll(type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic), IsOpen)
            : []);

    private static bool IsOpen(FieldInfo field) =>
        !field.FieldType.IsSealed || field.FieldType.IsSubclassOf(typeof(Delegate)) || field.FieldType.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false);
}
