using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Collections.ObjectModel;

namespace Weft.Serialization.Tests.Values;

public sealed class CollectionTests
{
    [Fact]
    public void Arrays_of_every_number_come_back_equal()
    {
        Same(new byte[] { 0, 255 });
        Same(new sbyte[] { -1 });
        Same(new[] { true, false });
        Same(new[] { 'a', '\uD800' });
        Same(new[] { short.MinValue });
        Same(new[] { 1, int.MaxValue });
        Same(new[] { ulong.MaxValue });
        Same(new[] { double.NaN, 1.5 });
        Same(new[] { (Half)1.5 });
        Same(new[] { Int128.MinValue });
        Same(new[] { DayOfWeek.Friday, (DayOfWeek)99 });
        Same(new[] { 1.5m });
        Same(new[] { DateTime.UnixEpoch });
        Same(Array.Empty<int>());
    }

    [Fact]
    public void Numbers_are_one_little_endian_block()
    {
        byte[] bytes = RoundTrip.Bytes(new[] { 1, 0x01020304 });
        Assert.Equal([0xC4, 8, 1, 0, 0, 0, 4, 3, 2, 1], bytes);
    }

    [Fact]
    public void Large_array_comes_back_equal()
    {
        double[] values = [.. Enumerable.Range(0, 300_000).Select(i => i * 0.5)];
        Assert.Equal(values, RoundTrip.Reflected(values));
    }

    [Fact]
    public void Jagged_and_multidimensional_arrays_come_back_equal()
    {
        Same(new int[][] { [1, 2], [], [3] });
        Same(new[,] { { 1, 2, 3 }, { 4, 5, 6 } });
        Same(new[, ,] { { { "a" }, { "b" } } });
        Same(new int[0, 5]);
        Same(new string?[] { "a", null });
        Same(new int?[] { 1, null });
        Array shifted = Array.CreateInstance(typeof(int), [2], [5]);
        shifted.SetValue(7, 6);
        Array copy = (Array)RoundTrip.Of<object>(shifted);
        Assert.Equal((5, 7), (copy.GetLowerBound(0), copy.GetValue(6)));
    }

    [Fact]
    public void Memory_and_segments_come_back_equal()
    {
        Assert.Equal([2, 3], RoundTrip.Of<Memory<int>>(new[] { 1, 2, 3 }.AsMemory(1)).ToArray());
        Assert.Equal("ell", RoundTrip.Of("hello".AsMemory(1, 3)).ToString());
        Assert.Equal(["b"], RoundTrip.Of(new ArraySegment<string>(["a", "b"], 1, 1)));
        Assert.Null(RoundTrip.Of(default(ArraySegment<int>)).Array);
    }

    [Fact]
    public void Lists_queues_and_stacks_keep_their_order()
    {
        Same(new List<string> { "a", "b" });
        Same(new List<int> { 1, 2 });
        Same(new LinkedList<int>([1, 2, 3]));
        Same(new Queue<int>([1, 2, 3]));
        Same(new Stack<int>([1, 2, 3]));
        Same(new ConcurrentQueue<int>([1, 2, 3]));
        Same(new ConcurrentStack<int>([1, 2, 3]));
        Same(new ConcurrentBag<int>([1, 2, 3]));
        Same(ImmutableList.Create("a", "b"));
        Same(ImmutableArray.Create(1, 2));
        Same(ImmutableQueue.Create(1, 2, 3));
        Same(ImmutableStack.Create(1, 2, 3));
        Same(new ReadOnlyCollection<int>([1, 2]));
        Same(new ObservableCollection<string> { "a" });
        Same(new Collection<int> { 4 });
        Assert.Equal([1, "two"], RoundTrip.Of(new ArrayList { 1, "two" }).ToArray());
        Same(new BitArray([true, false, true, true, false, false, true, false, true]));
        Assert.True(RoundTrip.Of(default(ImmutableArray<int>)).IsDefault);
    }

    [Fact]
    public void Priority_queue_gives_its_elements_in_the_same_order()
    {
        PriorityQueue<string, int> queue = new([("c", 3), ("a", 1), ("b", 2), ("a2", 1), ("a3", 1)]);
        PriorityQueue<string, int> copy = RoundTrip.Of(queue);
        while (queue.TryDequeue(out string? element, out int priority))
        {
            Assert.True(copy.TryDequeue(out string? same, out int samePriority));
            Assert.Equal((element, priority), (same, samePriority));
        }

        Assert.Equal(0, copy.Count);
    }

    [Fact]
    public void Dictionaries_and_sets_come_back_equal()
    {
        KeyValuePair<string, int>[] entries = [new("b", 2), new("a", 1)];
        Same(new Dictionary<string, int>(entries));
        Same(new SortedDictionary<string, int>(new Dictionary<string, int>(entries)));
        Same(new SortedList<string, int>(new Dictionary<string, int>(entries)));
        Same(new OrderedDictionary<string, int>(entries));
        Same(new ConcurrentDictionary<string, int>(entries));
        Same(entries.ToImmutableDictionary());
        Same(entries.ToImmutableSortedDictionary());
        Same(entries.ToFrozenDictionary());
        Same(new ReadOnlyDictionary<string, int>(new Dictionary<string, int>(entries)));
        Same(new HashSet<int> { 3, 1 });
        Same(new SortedSet<int> { 3, 1 });
        Same(ImmutableHashSet.Create("a", "b"));
        Same(ImmutableSortedSet.Create("b", "a"));
        Same(new[] { "a", "b" }.ToFrozenSet());
        Same(new Dictionary<ObjectTests.Point, List<string>> { [new(1, 2)] = ["x"] });
    }

    [Fact]
    public void Known_comparers_are_kept()
    {
        Assert.Equal(1, RoundTrip.Of(new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase) { ["a"] = 1 })["A"]);
        Assert.Same(StringComparer.Ordinal, RoundTrip.Of(new Dictionary<string, int>(StringComparer.Ordinal)).Comparer);
        Assert.Same(StringComparer.OrdinalIgnoreCase, RoundTrip.Of(new ConcurrentDictionary<string, int>(StringComparer.OrdinalIgnoreCase)).Comparer);
        Assert.True(RoundTrip.Of(new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "x" }).IsSupersetOf(["X"]));
        Assert.True(RoundTrip.Of(new[] { "x" }.ToFrozenSet(StringComparer.OrdinalIgnoreCase)).IsSupersetOf(["X"]));
        Assert.True(RoundTrip.Of(ImmutableSortedSet.Create(StringComparer.OrdinalIgnoreCase, "x")).IsSupersetOf(["X"]));
        Assert.Equal(["b", "a"], RoundTrip.Of(new SortedDictionary<string, int>(new Backwards()) { ["a"] = 1, ["b"] = 2 }).Keys);
        Assert.Equal(StringComparer.InvariantCultureIgnoreCase, RoundTrip.Of(new HashSet<string>(StringComparer.InvariantCultureIgnoreCase)).Comparer);
    }

    [Fact]
    public void Default_comparer_is_not_written() =>
        Assert.Equal([0x81, 0xA1, (byte)'a', 1], RoundTrip.Bytes(new Dictionary<string, int> { ["a"] = 1 }));

    [Fact]
    public void Lazily_evaluated_sequences_travel_as_arrays()
    {
        Assert.Equal([0, 1, 2], Assert.IsType<int[]>(RoundTrip.Of(Iterate(3))));
        Assert.Equal([0, 2, 4], Assert.IsType<int[]>(RoundTrip.Of(Iterate(3).Select(i => i * 2))));
        Assert.Equal([1, 2], Assert.IsType<int[]>(RoundTrip.Of<object>(Enumerable.Range(1, 2))));
        Assert.Equal(["a"], RoundTrip.Of<IEnumerable<string>>(new List<string> { "a" }.Where(s => s == "a")));
    }

    [Fact]
    public void Groups_and_lookups_keep_keys_and_elements()
    {
        string[] words = ["apple", "bean", "avocado"];
        IEnumerable<IGrouping<char, string>> groups = RoundTrip.Of(words.GroupBy(word => word[0]));
        Assert.Equal(["a: apple avocado", "b: bean"], groups.Select(group => $"{group.Key}: {string.Join(' ', group)}"));
        ILookup<char, string> lookup = RoundTrip.Of(words.ToLookup(word => word[0]));
        Assert.Equal(["apple", "avocado"], lookup['a']);
        Assert.Equal("bean", Assert.Single(((IGrouping<char, string>)RoundTrip.Of<object>(lookup.Last()))));
    }

    [Fact]
    public void Interfaces_of_collections_keep_the_runtime_collection()
    {
        Assert.IsType<HashSet<int>>(RoundTrip.Of<ISet<int>>(new HashSet<int> { 1 }));
        Assert.IsType<Dictionary<string, int>>(RoundTrip.Of<IReadOnlyDictionary<string, int>>(new Dictionary<string, int>()));
        Assert.Equal([1, 2], RoundTrip.Of<IReadOnlyList<int>>([1, 2]));
    }

    [Fact]
    public void Class_derived_from_a_dictionary_keeps_entries_and_its_own_fields()
    {
        Tagged copy = RoundTrip.Of(new Tagged { Tag = "t", ["a"] = 1 });
        Assert.Equal(("t", 1), (copy.Tag, copy["A"]));
        Assert.Equal([1, 2], RoundTrip.Of(new Numbers { 1, 2 }));
    }

    [Fact]
    public void Array_of_numbers_written_as_an_array_is_read_too()
    {
        System.Buffers.ArrayBufferWriter<byte> output = new();
        ValueWriter writer = new(output, ValueSerializer.Default);
        writer.WriteArrayHeader(3);
        writer.WriteInt64(1);
        writer.WriteDouble(2.5);
        writer.WriteSingle(3);
        writer.Flush();
        Assert.Equal([1, 2.5, 3], ValueSerializer.Default.Read<double[]>(output.WrittenSpan));
    }

    private static IEnumerable<int> Iterate(int count)
    {
        for (int i = 0; i < count; i++)
        {
            yield return i;
        }
    }

    private static void Same<T>(T value)
        where T : notnull => Assert.Equal(value, RoundTrip.Of(value));

    public sealed class Backwards : IComparer<string>
    {
        public int Compare(string? x, string? y) => string.CompareOrdinal(y, x);
    }

    public sealed class Tagged() : Dictionary<string, int>(StringComparer.OrdinalIgnoreCase)
    {
        public string? Tag { get; set; }
    }

    public sealed class Numbers : List<int>;
}
