using System.Reflection;
using System.Runtime.CompilerServices;

namespace Weft.Serialization;

/// <summary>What a function is called on, and how it travels.</summary>
internal static class CallTarget
{
    /// <summary>The type by which the target is written and read; an object of a derived class names its own.</summary>
    public static Type WireType(MethodInfo method) => method.IsStatic ? method.GetParameters()[0].ParameterType : method.DeclaringType!;

    /// <summary>The instance behind lambdas that capture nothing. Its constructor does nothing, so none is run.</summary>
    public static object? MakeStateless(MethodInfo method) => method.IsStatic ? null : RuntimeHelpers.GetUninitializedObject(method.DeclaringType!);
}
