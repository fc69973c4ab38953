namespace Weft.Serialization;

/// <summary>A group of a query's result: its key and its elements.</summary>
internal sealed class GroupingShape<TKey, TElement>(ValueSerializer serializer) : Shape(typeof(IGrouping<TKey, TElement>))
{
    private readonly ValueCodec<TKey> _key = serializer.CodecFor<TKey>();
    private readonly Elements<TElement> _elements = ElementsFactory.For<TElement>(serializer);

    public override void Write(ref ValueWriter writer, object value)
    {
        IGrouping<TKey, TElement> group = (IGrouping<TKey, TElement>)value;
        writer.WriteArrayHeader(2);
        _key.Write(ref writer, group.Key);
        _elements.Write(ref writer, group.ToArray());
    }

    public override object Read(ref ValueReader reader, int number)
    {
        reader.ReadArrayHeader(2);
        TKey key = _key.Read(ref reader);
        return _elements.ReadArray(ref reader).GroupBy(_ => key).FirstOrDefault()
            ?? throw new ValueSerializationException("Malformed data: a group without elements");
    }
}

/// <summary>The groups of a lookup in their order. A comparer of its own, which it does not tell, is not kept.</summary>
internal sealed class LookupShape<TKey, TElement>(ValueSerializer serializer) : Shape(typeof(ILookup<TKey, TElement>))
{
    private readonly Elements<(TKey, TElement[])> _groups = ElementsFactory.For<(TKey, TElement[])>(serializer);

    public override void Write(ref ValueWriter writer, object value) =>
        _groups.Write(ref writer, ((ILookup<TKey, TElement>)value).Select(group => (group.Key, group.ToArray())).ToArray());

    public override object Read(ref ValueReader reader, int number) => _groups.ReadArray(ref reader)
        .SelectMany(group => group.Item2, (group, element) => (Key: group.Item1, Element: element))
        .ToLookup(pair => pair.Key, pair => pair.Element);
}
