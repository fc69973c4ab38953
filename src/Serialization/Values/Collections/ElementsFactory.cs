namespace Weft.Serialization;

internal static class ElementsFactory
{
    private static readonly HashSet<Type> Numbers =
    [
        typeof(bool), typeof(char), typeof(byte), typeof(sbyte), typeof(short), typeof(ushort), typeof(int), typeof(uint), typeof(long), typeof(ulong),
        typeof(float), typeof(double), typeof(Half), typeof(Int128), typeof(UInt128),
    ];

    public static Elements<T> For<T>(ValueSerializer serializer)
    {
        ValueCodec<T> codec = serializer.CodecFor<T>();
        Type number = typeof(T).IsEnum ? typeof(T).GetEnumUnderlyingType() : typeof(T);
        return Numbers.Contains(number) && !serializer.TryGetRegistered(typeof(T), out _)
            ? (Elements<T>)Activator.CreateInstance(typeof(BlockElements<>).MakeGenericType(typeof(T)), codec)!
            : new ItemElements<T>(codec);
    }
}
