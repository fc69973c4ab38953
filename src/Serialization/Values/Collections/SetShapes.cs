using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Weft.Serialization;

internal sealed class HashSetShape<T>(ValueSerializer serializer) : SetShape<HashSet<T>, T, IEqualityComparer<T>>(serializer, EqualityComparer<T>.Default)
{
    protected override IEqualityComparer<T> ComparerOf(HashSet<T> set) => set.Comparer;

    protected override T[] ItemsOf(HashSet<T> set) => [.. set];

    protected override HashSet<T> CreateEmpty(IEqualityComparer<T> comparer) => new(comparer);

    protected override void Fill(HashSet<T> set, T[] items) => set.UnionWith(items);
}

internal sealed class SortedSetShape<T>(ValueSerializer serializer) : SetShape<SortedSet<T>, T, IComparer<T>>(serializer, Comparer<T>.Default)
{
    protected override IComparer<T> ComparerOf(SortedSet<T> set) => set.Comparer;

    protected override T[] ItemsOf(SortedSet<T> set) => [.. set];

    protected override SortedSet<T> CreateEmpty(IComparer<T> comparer) => new(comparer);

    protected override void Fill(SortedSet<T> set, T[] items) => set.UnionWith(items);
}

internal sealed class ImmutableHashSetShape<T>(ValueSerializer serializer)
    : SetShape<ImmutableHashSet<T>, T, IEqualityComparer<T>>(serializer, EqualityComparer<T>.Default)
{
    protected override IEqualityComparer<T> ComparerOf(ImmutableHashSet<T> set) => set.KeyComparer;

    protected override T[] ItemsOf(ImmutableHashSet<T> set) => [.. set];

    protected override ImmutableHashSet<T> Build(IEqualityComparer<T> comparer, T[] items) => ImmutableHashSet.Create(comparer, items);
}

internal sealed class ImmutableSortedSetShape<T>(ValueSerializer serializer)
    : SetShape<ImmutableSortedSet<T>, T, IComparer<T>>(serializer, Comparer<T>.Default)
{
    protected override IComparer<T> ComparerOf(ImmutableSortedSet<T> set) => set.KeyComparer;

    protected override T[] ItemsOf(ImmutableSortedSet<T> set) => [.. set];

    protected override ImmutableSortedSet<T> Build(IComparer<T> comparer, T[] items) => ImmutableSortedSet.Create(comparer, items);
}

internal sealed class FrozenSetShape<T>(ValueSerializer serializer) : SetShape<FrozenSet<T>, T, IEqualityComparer<T>>(serializer, EqualityComparer<T>.Default)
{
    protected override IEqualityComparer<T> ComparerOf(FrozenSet<T> set) => set.Comparer;

    protected override T[] ItemsOf(FrozenSet<T> set) => [.. set];

    protected override FrozenSet<T> Build(IEqualityComparer<T> comparer, T[] items) => items.ToFrozenSet(comparer);
}
