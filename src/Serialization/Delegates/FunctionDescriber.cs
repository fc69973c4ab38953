using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Weft.Serialization;

/// <summary>Takes delegates apart, on the client. Thread safe.</summary>
/// <param name="origin">Where the code comes from.</param>
public sealed class FunctionDescriber(ICodeOrigin origin)
{
    /// <summary>Grows with the program's methods and their bundles, not with its delegates.</summary>
    private readonly ConcurrentDictionary<(MethodInfo Method, TargetShape Target, string Bundle), FunctionDescriptor> _known = [];

    /// <exception cref="DelegateNotShippableException">The function cannot run in another process.</exception>
    public ShippedFunction Describe(Delegate function)
    {
        ArgumentNullException.ThrowIfNull(function);
        var method = function.Method;
        if (!function.HasSingleTarget)
        {
            throw new DelegateNotShippableException(FunctionNames.Member(method), "the delegate combines several methods; call them from one lambda.");
        }

        Require(method);
        var shape = ShapeOf(method, function.Target);
        var target = shape is TargetShape.Instance or TargetShape.FirstArgument ? function.Target : null;
        var bundle = origin.BundleHashFor(NeededAssemblies.Of(method, target), FunctionNames.Member(method));
        var descriptor = _known.GetOrAdd((method, shape, bundle), static (key, describer) => describer.Make(key.Method, key.Target, key.Bundle), this);
        return new ShippedFunction(descriptor, target, descriptor.HasTarget ? CallTarget.WireType(method) : null);
    }

    /// <summary>Whether a type exists only so that lambdas without captures have something to be called on.</summary>
    internal static bool IsStateless(Type type) =>
        type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false)
        && type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).Length == 0;

    private static TargetShape ShapeOf(MethodInfo method, object? target) =>
        method.IsStatic ? target is null ? TargetShape.None : TargetShape.FirstArgument
        : target is null || IsStateless(target.GetType()) ? TargetShape.Stateless
        : TargetShape.Instance;

    private static void Require(MethodInfo method)
    {
        var member = FunctionNames.Member(method);
        if (method.DeclaringType is null || method.Module.Assembly.IsDynamic && method.GetType().Name.Contains("Dynamic", StringComparison.Ordinal))
        {
            throw new DelegateNotShippableException(member, "it was compiled at run time (an expression tree or a DynamicMethod) and has no assembly; write it as a method or a lambda.");
        }

        if (method.GetParameters().FirstOrDefault(parameter => parameter.ParameterType.IsByRef) is { } byReference)
        {
            throw new DelegateNotShippableException(member, $"its parameter '{byReference.Name}' is passed by reference; pass and return values.");
        }

        if (method.GetParameters().FirstOrDefault(parameter => parameter.ParameterType.IsByRefLike || parameter.ParameterType.IsPointer) is { } onStack)
        {
            throw new DelegateNotShippableException(member, $"its parameter '{onStack.Name}' is of a type that lives on the stack only; take an array instead.");
        }

        if (method.ReturnType.IsByRef || method.ReturnType.IsByRefLike || method.ReturnType.IsPointer)
        {
            throw new DelegateNotShippableException(member, "it returns a reference into memory; return a value.");
        }
    }

    private FunctionDescriptor Make(MethodInfo method, TargetShape target, string bundle)
    {
        var type = method.DeclaringType!;
        var byName = origin.IsCommon(method.Module.Assembly);
        var definition = DefinitionOf(method);
        return new FunctionDescriptor
        {
            BundleHash = bundle,
            Assembly = method.Module.Assembly.GetName().Name ?? "",
            Mvid = byName ? Guid.Empty : method.Module.ModuleVersionId,
            Token = byName ? 0 : method.MetadataToken,
            DeclaringType = byName ? definition.DeclaringType!.FullName! : "",
            Signature = byName ? definition.ToString()! : "",
            TypeArguments = [.. type.GenericTypeArguments.Select(PortableTypeName.Of)],
            MethodArguments = method.IsGenericMethod ? [.. method.GetGenericArguments().Select(PortableTypeName.Of)] : [],
            DisplayName = FunctionNames.Display(method),
            Target = target,
            Returns = ReturnShapes.Of(method.ReturnType),
        };
    }

    /// <summary>The method as its source has it, with no generic argument filled in.</summary>
    internal static MethodInfo DefinitionOf(MethodInfo method)
    {
        var open = method.IsGenericMethod ? method.GetGenericMethodDefinition() : method;
        var type = open.DeclaringType!;
        return type.IsConstructedGenericType
            ? (MethodInfo)MethodBase.GetMethodFromHandle(open.MethodHandle, type.GetGenericTypeDefinition().TypeHandle)!
            : open;
    }
}
