namespace Weft.Serialization;

/// <summary>A dictionary: a map; or, when it has a comparer of its own, an array of the comparer and the map.</summary>
internal abstract class DictionaryShape<TMap, TKey, TValue, TComparer>(ValueSerializer serializer, TComparer defaultComparer) : Shape(typeof(TMap)), IFillable<TMap>
    where TMap : class, IEnumerable<KeyValuePair<TKey, TValue>>
    where TKey : notnull
    where TComparer : class
{
    private readonly ValueCodec<TKey> _keys = serializer.CodecFor<TKey>();
    private readonly ValueCodec<TValue> _values = serializer.CodecFor<TValue>();
    private readonly ComparerSlot<TComparer> _comparer = new(serializer, defaultComparer);

    /// <summary>Whether keys can be hashed and compared as soon as they are read, before the rest of the graph is.</summary>
    private readonly bool _isReady = ObjectFields.IsLeaf(typeof(TKey));

    protected abstract TComparer ComparerOf(TMap map);

    protected virtual KeyValuePair<TKey, TValue>[] EntriesOf(TMap map) => [.. map];

    /// <summary>An empty dictionary to be filled, or null if it is made whole.</summary>
    protected virtual TMap? CreateEmpty(TComparer comparer) => null;

    protected virtual void Fill(TMap map, KeyValuePair<TKey, TValue>[] entries) => throw new NotSupportedException();

    protected virtual TMap Build(TComparer comparer, KeyValuePair<TKey, TValue>[] entries) => throw new NotSupportedException();

    public override void Write(ref ValueWriter writer, object value)
    {
        TMap map = (TMap)value;
        TComparer comparer = ComparerOf(map);
        if (!_comparer.IsDefault(comparer))
        {
            writer.WriteArrayHeader(2);
            _comparer.Write(ref writer, comparer);
        }

        WriteEntries(ref writer, EntriesOf(map));
    }

    public override object Read(ref ValueReader reader, int number)
    {
        TComparer comparer = ReadComparer(ref reader);
        if (CreateEmpty(comparer) is not { } map)
        {
            return Build(comparer, ReadEntries(ref reader));
        }

        reader.References.Set(number, map);
        FillFrom(ref reader, map);
        return map;
    }

    public void ReadInto(ref ValueReader reader, TMap target)
    {
        ComparerSlot<TComparer>.Construct(target, ReadComparer(ref reader));
        FillFrom(ref reader, target);
    }

    private TComparer ReadComparer(ref ValueReader reader)
    {
        if (reader.PeekKind() != ValueKind.Array)
        {
            return defaultComparer;
        }

        reader.ReadArrayHeader(2);
        return _comparer.Read(ref reader);
    }

    private void FillFrom(ref ValueReader reader, TMap map)
    {
        KeyValuePair<TKey, TValue>[] entries = ReadEntries(ref reader);
        if (_isReady)
        {
            Fill(map, entries);
        }
        else
        {
            reader.References.Defer(() => Fill(map, entries));
        }
    }

    private void WriteEntries(ref ValueWriter writer, KeyValuePair<TKey, TValue>[] entries)
    {
        writer.WriteMapHeader(entries.Length);
        int i = 0;
        bool inValue = false;
        try
        {
            for (; i < entries.Length; i++)
            {
                inValue = false;
                _keys.Write(ref writer, entries[i].Key);
                inValue = true;
                _values.Write(ref writer, entries[i].Value);
            }
        }
        catch (ValueSerializationException exception) when (exception.Within(Segment(entries[i].Key, i, inValue)))
        {
            throw;
        }
    }

    private KeyValuePair<TKey, TValue>[] ReadEntries(ref ValueReader reader)
    {
        KeyValuePair<TKey, TValue>[] entries = new KeyValuePair<TKey, TValue>[reader.ReadMapHeader()];
        int i = 0;
        bool inValue = false;
        TKey? key = default;
        try
        {
            for (; i < entries.Length; i++)
            {
                inValue = false;
                key = _keys.Read(ref reader);
                inValue = true;
                entries[i] = new(key, _values.Read(ref reader));
            }
        }
        catch (ValueSerializationException exception) when (exception.Within(Segment(key, i, inValue)))
        {
            throw;
        }

        return entries;
    }

    /// <summary>An entry is known by its key where that reads well, otherwise by its place.</summary>
    private static string Segment(TKey? key, int index, bool inValue) => (key, inValue) switch
    {
        (string text, true) => $"[\"{text}\"]",
        (IFormattable number, true) when typeof(TKey).IsPrimitive => $"[{number}]",
        (_, true) => $"[{index}]",
        (_, false) => $"[{index}].Key",
    };
}
