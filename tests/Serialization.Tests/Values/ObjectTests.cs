using System.Numerics;
using System.Runtime.CompilerServices;

namespace Weft.Serialization.Tests.Values;

public sealed class ObjectTests
{
    [Fact]
    public void Records_structs_and_tuples_come_back_equal()
    {
        Same(new Point(1, 2));
        Same(new Person("Ada", 36, new Point(3, 4)));
        Same(new Measure { Value = 2.5, Unit = "m" });
        Same((1, "a"));
        Same((1, "a", 2.0));
        Same((1, 2, 3, 4, 5, 6, 7, 8, 9, "ten"));
        Same(Tuple.Create(1, "x", new Point(1, 1)));
        Same(new Tuple<int, int, int, int, int, int, int, Tuple<int>>(1, 2, 3, 4, 5, 6, 7, Tuple.Create(8)));
        Same(KeyValuePair.Create("k", 3));
        Same(new { Name = "anonymous", Count = 2 });
        Same<Point?>(new Point(1, 2));
        Same<(int, string)?>(null);
        Same<object>(new Point(5, 6));
        Same(new Complex(1, -1));
        Same(new Vector3(1, 2, 3));
        Same(Matrix4x4.CreateRotationX(1));
        Same(^3..^1);
        Same(Index.FromEnd(2));
        Same(new Generic<int>.Nested<string>(1, "x"));
    }

    [Fact]
    public void Class_keeps_private_readonly_and_inherited_fields_and_drops_what_is_not_serialized()
    {
        Derived original = new(7, "hidden");
        Derived copy = RoundTrip.Of(original);

        Assert.Equal((7, "hidden", 7 * 2, 0), copy.State);
        Assert.Equal((7, "hidden", 7 * 2, 99), original.State);
    }

    [Fact]
    public void Constructor_is_not_run_when_an_object_is_read()
    {
        Counting copy = RoundTrip.Of(new Counting { Value = 1 });
        Assert.Equal(1, copy.Value);
        Assert.False(copy.WasConstructed);
    }

    [Fact]
    public void Closure_with_nested_scopes_comes_back_working()
    {
        int factor = 3;
        Func<int, int>? result = null;
        for (int i = 5; i < 6; i++)
        {
            int local = i;
            result = x => (x * factor) + local;
        }

        object closure = RoundTrip.Of(result!.Target!);
        Func<int, int> copy = result.Method.CreateDelegate<Func<int, int>>(closure);
        Assert.Equal(result(10), copy(10));
    }

    [Fact]
    public void Polymorphic_members_come_back_as_their_runtime_types()
    {
        Drawing copy = RoundTrip.Of(new Drawing([new Circle(1), new Square(2), new Circle(3)], new Square(9), 5L, new List<int> { 1 }));

        Assert.Equal([new Circle(1), new Square(2), new Circle(3)], copy.Shapes);
        Assert.Equal(new Square(9), copy.Main);
        Assert.Equal(5L, Assert.IsType<long>(copy.Tag));
        Assert.Equal([1], Assert.IsType<List<int>>(copy.Numbers));
    }

    [Fact]
    public void Every_plain_value_keeps_its_type_in_a_slot_of_object()
    {
        object?[] values =
        [
            null, true, 1, -1L, long.MaxValue, 5UL, ulong.MaxValue, 1.5, 1.5f, (byte)3, 'c', "s", "lone \uD800", 1.5m, DateTime.UnixEpoch, DateTime.MinValue, Guid.Empty,
            DayOfWeek.Friday, new byte[] { 1, 2 }, new[] { 1, 2 }, new object[] { 1, "x" }, new[] { "a" }, typeof(List<>), typeof(Dictionary<string, int[]>), (1, 2),
        ];
        object?[] copy = RoundTrip.Of(values);

        Assert.All(values.Zip(copy), pair => Assert.Equal(pair.First, pair.Second));
        Assert.Equal(values.Select(v => v?.GetType()), copy.Select(v => v?.GetType()));
    }

    [Fact]
    public void Required_members_init_properties_and_primary_constructors_come_back()
    {
        Configured copy = RoundTrip.Of(new Configured(4) { Name = "n", Tags = ["t"] });
        Assert.Equal(("n", 4, "t"), (copy.Name, copy.Size(), copy.Tags[0]));
    }

    [Fact]
    public void Nullable_of_a_struct_that_can_be_nil_itself_is_told_from_none()
    {
        ArraySegment<int>? none = null;
        ArraySegment<int>? empty = default(ArraySegment<int>);
        Assert.False(RoundTrip.Of(none).HasValue);
        Assert.True(RoundTrip.Of(empty).HasValue);
    }

    [Fact]
    public void Data_of_another_shape_of_the_class_is_refused_with_both_counts()
    {
        byte[] bytes = RoundTrip.Bytes((1, 2, 3));
        ValueSerializationException failure = Assert.Throws<ValueSerializationException>(() => ValueSerializer.Default.Read<Point>(bytes));
        Assert.Contains("2 fields here and 3 in the data", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void StrongBox_keeps_its_value() => Assert.Equal(5, RoundTrip.Of(new StrongBox<int>(5)).Value);

    [Fact]
    public unsafe void Inline_arrays_and_fixed_buffers_keep_all_their_elements()
    {
        Inline inline = default;
        Fixed buffer = default;
        for (int i = 0; i < 4; i++)
        {
            inline[i] = $"{i}";
            buffer.Words[i] = (short)i;
        }

        Inline inlineCopy = RoundTrip.Of(inline);
        Fixed bufferCopy = RoundTrip.Of(buffer);

        Assert.Equal("3", inlineCopy[3]);
        Assert.Equal(3, bufferCopy.Words[3]);
    }

    [Fact]
    public void DBNull_stays_the_only_one() => Assert.Same(DBNull.Value, RoundTrip.Of<object>(DBNull.Value));

    [Fact]
    public void Long_list_of_FSharp_does_not_nest() =>
        Assert.Equal(Enumerable.Range(0, 5000), RoundTrip.Of(Microsoft.FSharp.Collections.ListModule.OfSeq(Enumerable.Range(0, 5000))));

    private static void Same<T>(T value) => Assert.Equal(value, RoundTrip.Of(value));

    public sealed record Point(int X, int Y);

    public record Person(string Name, int Age, Point Home);

    public struct Measure
    {
        public double Value;

        public string Unit { get; set; }
    }

    [InlineArray(4)]
    public struct Inline
    {
        private string _first;
    }

    public unsafe struct Fixed
    {
        public fixed short Words[4];
    }

    public sealed class Generic<T>
    {
        public sealed record Nested<TOther>(T First, TOther Second);
    }

    public class Base(int secret)
    {
        private readonly int _secret = secret;

        protected int Secret => _secret;
    }

    public sealed class Derived(int secret, string text) : Base(secret)
    {
        private readonly string _secret = text;

        [NonSerialized]
        private readonly int _cache = 99;

        private int Twice { get; } = secret * 2;

        public (int, string, int, int) State => (Secret, _secret, Twice, _cache);
    }

    public sealed class Counting
    {
        [NonSerialized]
        private readonly bool _wasConstructed = true;

        public int Value { get; set; }

        public bool WasConstructed => _wasConstructed;
    }

    public sealed class Configured(int size)
    {
        public required string Name { get; init; }

        public required List<string> Tags { get; init; }

        public int Size() => size;
    }

    public interface IShape;

    public sealed record Circle(double Radius) : IShape;

    public sealed record Square(double Side) : IShape;

    public sealed record Drawing(IReadOnlyList<IShape> Shapes, IShape Main, object Tag, IEnumerable<int> Numbers);
}
