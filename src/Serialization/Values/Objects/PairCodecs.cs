namespace Weft.Serialization;

/// <summary>The pair of a dictionary. It and the small tuples have codecs of their own (of the same form as any struct) because they are hot and then need no generated code.</summary>
internal sealed class KeyValuePairCodec<TKey, TValue>(ValueCodec<TKey> key, ValueCodec<TValue> value) : ValueCodec<KeyValuePair<TKey, TValue>>
{
    internal override bool MayWriteNil => false;

    public override void Write(ref ValueWriter writer, KeyValuePair<TKey, TValue> pair)
    {
        writer.WriteArrayHeader(2);
        key.Write(ref writer, pair.Key);
        value.Write(ref writer, pair.Value);
    }

    public override KeyValuePair<TKey, TValue> Read(ref ValueReader reader)
    {
        reader.ReadArrayHeader(2);
        return new(key.Read(ref reader), value.Read(ref reader));
    }
}

/// <inheritdoc cref="KeyValuePairCodec{TKey, TValue}"/>
internal sealed class PairCodec<T1, T2>(ValueCodec<T1> first, ValueCodec<T2> second) : ValueCodec<(T1, T2)>
{
    internal override bool MayWriteNil => false;

    public override void Write(ref ValueWriter writer, (T1, T2) value)
    {
        writer.WriteArrayHeader(2);
        first.Write(ref writer, value.Item1);
        second.Write(ref writer, value.Item2);
    }

    public override (T1, T2) Read(ref ValueReader reader)
    {
        reader.ReadArrayHeader(2);
        return (first.Read(ref reader), second.Read(ref reader));
    }
}

/// <inheritdoc cref="KeyValuePairCodec{TKey, TValue}"/>
internal sealed class TripleCodec<T1, T2, T3>(ValueCodec<T1> first, ValueCodec<T2> second, ValueCodec<T3> third) : ValueCodec<(T1, T2, T3)>
{
    internal override bool MayWriteNil => false;

    public override void Write(ref ValueWriter writer, (T1, T2, T3) value)
    {
        writer.WriteArrayHeader(3);
        first.Write(ref writer, value.Item1);
        second.Write(ref writer, value.Item2);
        third.Write(ref writer, value.Item3);
    }

    public override (T1, T2, T3) Read(ref ValueReader reader)
    {
        reader.ReadArrayHeader(3);
        return (first.Read(ref reader), second.Read(ref reader), third.Read(ref reader));
    }
}
