namespace Weft.Serialization;

/// <summary>Chooses the codec for slots declared as a type.</summary>
internal static class CodecFactory
{
    public static ValueCodec Create(ValueSerializer serializer, Type type)
    {
        if (type.IsPointer || type.IsFunctionPointer || type.IsByRef || type.IsByRefLike || type == typeof(void) || type.ContainsGenericParameters)
        {
            throw ValueSerializationException.Refused(type, "it is not a type of which values can be kept");
        }

        if (!type.IsValueType && type != typeof(string))
        {
            return Make(typeof(ReferenceCodec<>), type);
        }

        if (serializer.TryGetRegistered(type, out ValueCodec? codec) || ScalarCodecs.TryGet(type, out codec))
        {
            return codec;
        }

        if (type.IsEnum)
        {
            Type number = type.GetEnumUnderlyingType();
            return (ValueCodec)Activator.CreateInstance(typeof(EnumCodec<,>).MakeGenericType(type, number), serializer.CodecFor(number))!;
        }

        if (Nullable.GetUnderlyingType(type) is { } inner)
        {
            return (ValueCodec)Activator.CreateInstance(typeof(NullableCodec<>).MakeGenericType(inner), serializer.CodecFor(inner))!;
        }

        throw ValueSerializationException.Refused(type, "no codec");
    }

    private static ValueCodec Make(Type definition, params Type[] arguments) =>
        (ValueCodec)Activator.CreateInstance(definition.MakeGenericType(arguments))!;
}
