using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Weft.Serialization;

/// <summary>Chooses the codec for slots declared as a type.</summary>
internal static class CodecFactory
{
    /// <summary>Structs with a form of their own. Codecs of parts are asked for at once: structs cannot contain themselves.</summary>
    private static readonly Dictionary<Type, (Type Codec, bool TakesParts)> OwnForms = new()
    {
        [typeof(KeyValuePair<,>)] = (typeof(KeyValuePairCodec<,>), true),
        [typeof(ValueTuple<,>)] = (typeof(PairCodec<,>), true),
        [typeof(ValueTuple<,,>)] = (typeof(TripleCodec<,,>), true),
        [typeof(Nullable<>)] = (typeof(NullableCodec<>), true),
        [typeof(Memory<>)] = (typeof(MemoryCodec<>), false),
        [typeof(ReadOnlyMemory<>)] = (typeof(ReadOnlyMemoryCodec<>), false),
        [typeof(ArraySegment<>)] = (typeof(ArraySegmentCodec<>), false),
        [typeof(ImmutableArray<>)] = (typeof(ImmutableArrayCodec<>), false),
    };

    public static ValueCodec Create(ValueSerializer serializer, Type type)
    {
        RequireKeepable(type);
        if (type == typeof(object) && !serializer.TryGetRegistered(type, out _))
        {
            return new ObjectCodec(serializer);
        }

        if (!type.IsValueType && (type != typeof(string) || serializer.TryGetRegistered(type, out _)))
        {
            return Make(typeof(ReferenceCodec<>), [type]);
        }

        if (serializer.TryGetRegistered(type, out ValueCodec? codec) || ScalarCodecs.TryGet(type, out codec))
        {
            return codec;
        }

        if (type.IsEnum)
        {
            Type number = type.GetEnumUnderlyingType();
            ValueCodec underlying = ScalarCodecs.TryGet(number, out ValueCodec? plain) ? plain : throw ValueSerializationException.Refused(type, $"its values are {number.Name}");
            return Make(typeof(EnumCodec<,>), [type, number], underlying);
        }

        if (type.IsGenericType && OwnForms.TryGetValue(type.GetGenericTypeDefinition(), out (Type Codec, bool TakesParts) known))
        {
            Type[] parts = type.GenericTypeArguments;
            return known.TakesParts
                ? Make(known.Codec, parts, Array.ConvertAll(parts, part => (object)serializer.CodecFor(part)))
                : Make(known.Codec, parts, serializer);
        }

        if (type == typeof(JsonElement))
        {
            return new JsonElementCodec();
        }

        if (type.IsDefined(typeof(InlineArrayAttribute), inherit: false) || type.IsDefined(typeof(UnsafeValueTypeAttribute), inherit: false))
        {
            return Make(typeof(InlineArrayCodec<,>), [type, ObjectFields.Of(type)[0].FieldType], serializer);
        }

        return Refusals.ReasonFor(type) is { } reason
            ? Make(typeof(RefusedCodec<>), [type], reason)
            : Make(typeof(StructCodec<>), [type], serializer);
    }

    private static void RequireKeepable(Type type)
    {
        string? reason = type.IsPointer || type.IsFunctionPointer || type.IsUnmanagedFunctionPointer ? "an address means nothing in another process"
            : type.IsByRef || type.IsByRefLike ? "it lives on a stack"
            : type == typeof(void) || type.ContainsGenericParameters ? "it is not a type of values"
            : null;
        if (reason is not null)
        {
            throw ValueSerializationException.Refused(type, reason);
        }
    }

    private static ValueCodec Make(Type definition, Type[] arguments, params object[] parameters) =>
        (ValueCodec)Activator.CreateInstance(definition.MakeGenericType(arguments), parameters)!;
}
