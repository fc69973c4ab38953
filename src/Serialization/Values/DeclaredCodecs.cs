using System.Collections.Frozen;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace Weft.Serialization;

/// <summary>
/// Codecs that code declares by attributes. Which one a type gets depends on nothing but its code, so that a client, its workers and the clients within
/// their tasks agree: the attribute of the type itself, else that of the program which the type was loaded for.
/// </summary>
internal static class DeclaredCodecs
{
    private static readonly FrozenDictionary<Type, Type> None = FrozenDictionary<Type, Type>.Empty;

    /// <summary>What programs register, by the world that they are loaded in: types, or definitions of generic ones, and their codecs.</summary>
    private static readonly ConditionalWeakTable<AssemblyLoadContext, FrozenDictionary<Type, Type>> ByContext = [];

    /// <summary>The codec that is declared for exactly this type; null when none is.</summary>
    /// <exception cref="InvalidOperationException">What is declared is no codec of the type.</exception>
    public static ValueCodec? Find(Type type)
    {
        if (type.GetCustomAttribute<ValueCodecAttribute>(inherit: false) is { } own)
        {
            return Make(type, own.Codec);
        }

        var registered = AssemblyLoadContext.GetLoadContext(type.Assembly) is { } context ? ByContext.GetValue(context, RegisteredIn) : None;
        return registered.TryGetValue(type, out var codec) || (type.IsGenericType && registered.TryGetValue(type.GetGenericTypeDefinition(), out codec))
            ? Make(type, codec)
            : null;
    }

    private static FrozenDictionary<Type, Type> RegisteredIn(AssemblyLoadContext context)
    {
        var program = context is BundleLoadContext bundle ? bundle.EntryAssembly : Assembly.GetEntryAssembly();
        return program is null || AssemblyLoadContext.GetLoadContext(program) != context
            ? None
            : program.GetCustomAttributes<RegisterValueCodecAttribute>()
                .Select(static attribute => attribute.Codec)
                .DistinctBy(TargetOf)
                .ToFrozenDictionary(TargetOf);
    }

    /// <summary>The type that a registered codec is for; for a generic codec, the definition of its family.</summary>
    private static Type TargetOf(Type codec)
    {
        for (var level = codec.BaseType; level is not null; level = level.BaseType)
        {
            if (level.IsGenericType && level.GetGenericTypeDefinition() == typeof(ValueCodec<>))
            {
                var target = level.GenericTypeArguments[0];
                return FrameworkAssemblies.Contains(target.Assembly) || WeftAssemblies.Contains(target.Assembly.GetName().Name ?? "")
                    ? throw new InvalidOperationException(
                        $"The program registers {TypeNames.Display(codec)} as the codec of {TypeNames.Display(target)}, which every worker shares among programs; wrap such values in a type of your own.")
                    : codec.IsGenericTypeDefinition && target.IsGenericType ? target.GetGenericTypeDefinition() : target;
            }
        }

        throw new InvalidOperationException($"The program registers {TypeNames.Display(codec)} as a codec, and it does not derive from ValueCodec<T>.");
    }

    private static ValueCodec Make(Type type, Type declared)
    {
        Type? closed = declared;
        if (declared.IsGenericTypeDefinition)
        {
            closed = declared.GetGenericArguments().Length == type.GenericTypeArguments.Length ? declared.MakeGenericType(type.GenericTypeArguments) : null;
        }

        return closed is { IsAbstract: false } && typeof(ValueCodec).IsAssignableFrom(closed) && closed.GetConstructor(Type.EmptyTypes) is not null
            && Activator.CreateInstance(closed) is ValueCodec codec && codec.Type == type
            ? codec
            : throw new InvalidOperationException(
                $"{TypeNames.Display(declared)} is declared as the codec of {TypeNames.Display(type)}; a ValueCodec<T> of that type with a public constructor without parameters is expected.");
    }
}
