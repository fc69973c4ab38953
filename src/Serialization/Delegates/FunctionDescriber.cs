using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Weft.Serialization;

/// <summary>Takes delegates apart, on the client. Thread safe.</summary>
/// <param name="origin">Where the code comes from.</param>
public sealed class FunctionDescriber(ICodeOrigin origin)
{
    /// <summary>Grows with the program's methods, not with its delegates: describing one again is a look into this.</summary>
    private readonly ConcurrentDictionary<(MethodInfo Method, Type? TargetType), KnownFunction> _known = [];

    /// <exception cref="DelegateNotShippableException">The function cannot run in another process.</exception>
    public ShippedFunction Describe(Delegate function)
    {
        ArgumentNullException.ThrowIfNull(function);
        var method = function.Method;
        if (!function.HasSingleTarget)
        {
            throw new DelegateNotShippableException(FunctionNames.Member(method), "the delegate combines several methods; call them from one lambda.");
        }

        var target = function.Target;
        var known = _known.GetOrAdd((method, target?.GetType()), static key => Know(key.Method, key.TargetType));
        if (!known.HasTarget)
        {
            return new ShippedFunction(DescriptorOf(known, null), null, null);
        }

        return new ShippedFunction(DescriptorOf(known, target), target, CallTarget.WireType(method));
    }

    /// <summary>Whether a type exists only so that lambdas without captures have something to be called on.</summary>
    internal static bool IsStateless(Type type) =>
        type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false)
        && type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).Length == 0;

    private static KnownFunction Know(MethodInfo method, Type? targetType)
    {
        Require(method);
        return new KnownFunction(method, ShapeOf(method, targetType));
    }

    private static TargetShape ShapeOf(MethodInfo method, Type? targetType) =>
        method.IsStatic ? targetType is null ? TargetShape.None : TargetShape.FirstArgument
        : targetType is null || IsStateless(targetType) ? TargetShape.Stateless
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

    /// <summary>The same for all delegates of a method, unless what it captures may bring code from elsewhere.</summary>
    private FunctionDescriptor DescriptorOf(KnownFunction known, object? target)
    {
        var descriptor = known.Descriptor;
        if (descriptor is not null && (target is null || !NeededAssemblies.VaryWith(target)))
        {
            return descriptor;
        }

        var bundle = origin.BundleHashFor(NeededAssemblies.Of(known.Method, target), FunctionNames.Member(known.Method));
        if (descriptor is null || descriptor.BundleHash != bundle)
        {
            known.Descriptor = descriptor = Make(known.Method, known.Target, bundle);
        }

        return descriptor;
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
            TypeArguments = [.. type.GenericTypeArguments.Select(TypeNames.Of)],
            MethodArguments = method.IsGenericMethod ? [.. method.GetGenericArguments().Select(TypeNames.Of)] : [],
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

    /// <summary>What is found out once about a method on one type of target.</summary>
    private sealed class KnownFunction(MethodInfo method, TargetShape target)
    {
        public MethodInfo Method => method;

        public TargetShape Target => target;

        public bool HasTarget => target is TargetShape.Instance or TargetShape.FirstArgument;

        /// <summary>The one made last. Two threads may each make one at the same time: they are equal.</summary>
        public FunctionDescriptor? Descriptor { get; set; }
    }
}
