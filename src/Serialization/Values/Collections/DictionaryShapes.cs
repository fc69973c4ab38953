using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Weft.Serialization;

internal sealed class PlainDictionaryShape<TKey, TValue>(ValueSerializer serializer)
    : DictionaryShape<Dictionary<TKey, TValue>, TKey, TValue, IEqualityComparer<TKey>>(serializer, EqualityComparer<TKey>.Default)
    where TKey : notnull
{
    protected override IEqualityComparer<TKey> ComparerOf(Dictionary<TKey, TValue> map) => map.Comparer;

    protected override Dictionary<TKey, TValue> CreateEmpty(IEqualityComparer<TKey> comparer) => new(comparer);

    protected override void Fill(Dictionary<TKey, TValue> map, KeyValuePair<TKey, TValue>[] entries)
    {
        map.EnsureCapacity(entries.Length);
        foreach ((TKey key, TValue value) in entries)
        {
            map[key] = value;
        }
    }
}

internal sealed class OrderedDictionaryShape<TKey, TValue>(ValueSerializer serializer)
    : DictionaryShape<OrderedDictionary<TKey, TValue>, TKey, TValue, IEqualityComparer<TKey>>(serializer, EqualityComparer<TKey>.Default)
    where TKey : notnull
{
    protected override IEqualityComparer<TKey> ComparerOf(OrderedDictionary<TKey, TValue> map) => map.Comparer;

    protected override OrderedDictionary<TKey, TValue> CreateEmpty(IEqualityComparer<TKey> comparer) => new(comparer);

    protected override void Fill(OrderedDictionary<TKey, TValue> map, KeyValuePair<TKey, TValue>[] entries)
    {
        foreach ((TKey key, TValue value) in entries)
        {
            map[key] = value;
        }
    }
}

internal sealed class ConcurrentDictionaryShape<TKey, TValue>(ValueSerializer serializer)
    : DictionaryShape<ConcurrentDictionary<TKey, TValue>, TKey, TValue, IEqualityComparer<TKey>>(serializer, EqualityComparer<TKey>.Default)
    where TKey : notnull
{
    protected override IEqualityComparer<TKey> ComparerOf(ConcurrentDictionary<TKey, TValue> map) => map.Comparer;

    protected override KeyValuePair<TKey, TValue>[] EntriesOf(ConcurrentDictionary<TKey, TValue> map) => map.ToArray();

    protected override ConcurrentDictionary<TKey, TValue> CreateEmpty(IEqualityComparer<TKey> comparer) => new(comparer);

    protected override void Fill(ConcurrentDictionary<TKey, TValue> map, KeyValuePair<TKey, TValue>[] entries)
    {
        foreach ((TKey key, TValue value) in entries)
        {
            map[key] = value;
        }
    }
}

internal sealed class SortedDictionaryShape<TKey, TValue>(ValueSerializer serializer)
    : DictionaryShape<SortedDictionary<TKey, TValue>, TKey, TValue, IComparer<TKey>>(serializer, Comparer<TKey>.Default)
    where TKey : notnull
{
    protected override IComparer<TKey> ComparerOf(SortedDictionary<TKey, TValue> map) => map.Comparer;

    protected override SortedDictionary<TKey, TValue> CreateEmpty(IComparer<TKey> comparer) => new(comparer);

    protected override void Fill(SortedDictionary<TKey, TValue> map, KeyValuePair<TKey, TValue>[] entries)
    {
        foreach ((TKey key, TValue value) in entries)
        {
            map[key] = value;
        }
    }
}

internal sealed class SortedListShape<TKey, TValue>(ValueSerializer serializer)
    : DictionaryShape<SortedList<TKey, TValue>, TKey, TValue, IComparer<TKey>>(serializer, Comparer<TKey>.Default)
    where TKey : notnull
{
    protected override IComparer<TKey> ComparerOf(SortedList<TKey, TValue> map) => map.Comparer;

    protected override SortedList<TKey, TValue> CreateEmpty(IComparer<TKey> comparer) => new(comparer);

    protected override void Fill(SortedList<TKey, TValue> map, KeyValuePair<TKey, TValue>[] entries)
    {
        foreach ((TKey key, TValue value) in entries)
        {
            map[key] = value;
        }
    }
}

/// <summary>Its comparer of values, which nearly nobody sets, is not kept.</summary>
internal sealed class ImmutableDictionaryShape<TKey, TValue>(ValueSerializer serializer)
    : DictionaryShape<ImmutableDictionary<TKey, TValue>, TKey, TValue, IEqualityComparer<TKey>>(serializer, EqualityComparer<TKey>.Default)
    where TKey : notnull
{
    protected override IEqualityComparer<TKey> ComparerOf(ImmutableDictionary<TKey, TValue> map) => map.KeyComparer;

    protected override ImmutableDictionary<TKey, TValue> Build(IEqualityComparer<TKey> comparer, KeyValuePair<TKey, TValue>[] entries) =>
        ImmutableDictionary.CreateRange(comparer, entries);
}

/// <inheritdoc cref="ImmutableDictionaryShape{TKey, TValue}"/>
internal sealed class ImmutableSortedDictionaryShape<TKey, TValue>(ValueSerializer serializer)
    : DictionaryShape<ImmutableSortedDictionary<TKey, TValue>, TKey, TValue, IComparer<TKey>>(serializer, Comparer<TKey>.Default)
    where TKey : notnull
{
    protected override IComparer<TKey> ComparerOf(ImmutableSortedDictionary<TKey, TValue> map) => map.KeyComparer;

    protected override ImmutableSortedDictionary<TKey, TValue> Build(IComparer<TKey> comparer, KeyValuePair<TKey, TValue>[] entries) =>
        ImmutableSortedDictionary.CreateRange(comparer, entries);
}

internal sealed class FrozenDictionaryShape<TKey, TValue>(ValueSerializer serializer)
    : DictionaryShape<FrozenDictionary<TKey, TValue>, TKey, TValue, IEqualityComparer<TKey>>(serializer, EqualityComparer<TKey>.Default)
    where TKey : notnull
{
    protected override IEqualityComparer<TKey> ComparerOf(FrozenDictionary<TKey, TValue> map) => map.Comparer;

    protected override FrozenDictionary<TKey, TValue> Build(IEqualityComparer<TKey> comparer, KeyValuePair<TKey, TValue>[] entries) =>
        entries.ToFrozenDictionary(comparer);
}
