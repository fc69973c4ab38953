namespace Weft.Serialization;

/// <summary>
/// A set: its elements; or, when it has a comparer of its own, a map of one entry from the comparer to the elements.
/// </summary>
internal abstract class SetShape<TSet, T, TComparer>(ValueSerializer serializer, TComparer defaultComparer) : Shape(typeof(TSet)), IFillable<TSet>
    where TSet : class
    where TComparer : class
{
    private readonly Elements<T> _elements = ElementsFactory.For<T>(serializer);
    private readonly ComparerSlot<TComparer> _comparer = new(serializer, defaultComparer);

    /// <summary>Whether elements can be hashed and compared as soon as they are read, before the rest of the graph is.</summary>
    private readonly bool _isReady = ObjectFields.IsLeaf(typeof(T));

    protected abstract TComparer ComparerOf(TSet set);

    protected abstract T[] ItemsOf(TSet set);

    /// <summary>An empty set to be filled, or null if it is made whole.</summary>
    protected virtual TSet? CreateEmpty(TComparer comparer) => null;

    protected virtual void Fill(TSet set, T[] items) => throw new NotSupportedException();

    protected virtual TSet Build(TComparer comparer, T[] items) => throw new NotSupportedException();

    public override void Write(ref ValueWriter writer, object value)
    {
        TSet set = (TSet)value;
        TComparer comparer = ComparerOf(set);
        if (!_comparer.IsDefault(comparer))
        {
            writer.WriteMapHeader(1);
            _comparer.Write(ref writer, comparer);
        }

        _elements.Write(ref writer, ItemsOf(set));
    }

    public override object Read(ref ValueReader reader, int number)
    {
        TComparer comparer = ReadComparer(ref reader);
        if (CreateEmpty(comparer) is not { } set)
        {
            return Build(comparer, _elements.ReadArray(ref reader));
        }

        reader.References.Set(number, set);
        ReadElements(ref reader, set);
        return set;
    }

    public void ReadInto(ref ValueReader reader, TSet target)
    {
        ComparerSlot<TComparer>.Construct(target, ReadComparer(ref reader));
        ReadElements(ref reader, target);
    }

    private TComparer ReadComparer(ref ValueReader reader)
    {
        if (reader.PeekKind() != ValueKind.Map)
        {
            return defaultComparer;
        }

        if (reader.ReadMapHeader() != 1)
        {
            ValueSerializationException.Malformed("a set with several comparers");
        }

        return _comparer.Read(ref reader);
    }

    private void ReadElements(ref ValueReader reader, TSet set)
    {
        T[] items = _elements.ReadArray(ref reader);
        if (_isReady)
        {
            Fill(set, items);
        }
        else
        {
            reader.References.Defer(() => Fill(set, items));
        }
    }
}
