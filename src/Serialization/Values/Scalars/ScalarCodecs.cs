using System.Numerics;

namespace Weft.Serialization;

/// <summary>The table of types that have one fixed form.</summary>
internal static class ScalarCodecs
{
    private static readonly Dictionary<Type, ValueCodec> Codecs = new ValueCodec[]
    {
        new BooleanCodec(), new CharCodec(), new StringCodec(),
        new SignedCodec<sbyte>(), new SignedCodec<short>(), new SignedCodec<int>(), new SignedCodec<long>(),
        new UnsignedCodec<byte>(), new UnsignedCodec<ushort>(), new UnsignedCodec<uint>(), new UnsignedCodec<ulong>(),
        new WideIntegerCodec<Int128>(16), new WideIntegerCodec<UInt128>(16), new BigIntegerCodec(),
        new HalfCodec(), new SingleCodec(), new DoubleCodec(), new DecimalCodec(),
        new DateTimeCodec(), new DateTimeOffsetCodec(), new DateOnlyCodec(), new TimeOnlyCodec(), new TimeSpanCodec(), new GuidCodec(),
    }.ToDictionary(codec => codec.Type);

    public static bool TryGet(Type type, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ValueCodec? codec) => Codecs.TryGetValue(type, out codec);
}
