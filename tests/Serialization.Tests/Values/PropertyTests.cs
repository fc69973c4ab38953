using FsCheck;
using FsCheck.Fluent;

namespace Weft.Serialization.Tests.Values;

public sealed class PropertyTests
{
    private static readonly Config Settings = Config.QuickThrowOnFailure.WithMaxTest(300).WithQuietOnSuccess(true);

    [Fact]
    public void Any_integer_of_any_size_comes_back_in_its_smallest_form()
    {
        Holds<long>(value => Of(value) == value && RoundTrip.Bytes(value).Length == SmallestForm(value));
        Holds<ulong>(value => Of(value) == value);
        Holds<int>(value => Of(value) == value && Of<object>(value).Equals(value));
        Holds<short>(value => Of(value) == value && Of<object>(value).Equals(value));
    }

    [Fact]
    public void Any_float_comes_back_bit_by_bit()
    {
        Holds<double>(value => BitConverter.DoubleToInt64Bits(Of(value)) == BitConverter.DoubleToInt64Bits(value));
        Holds<float>(value => BitConverter.SingleToInt32Bits(Of(value)) == BitConverter.SingleToInt32Bits(value));
        Holds<decimal>(value => decimal.GetBits(Of(value)).SequenceEqual(decimal.GetBits(value)));
    }

    [Fact]
    public void Any_sequence_of_units_comes_back_as_the_same_string()
    {
        Holds<char[]>(units => Of(new string(units)) == new string(units));
        Holds<uint[]>(seeds =>
        {
            string text = new([.. seeds.Select(seed => (char)(0xD700 + (seed % 0x400)))]);
            return Of(text) == text && Of<object>(text).Equals(text);
        });
    }

    [Fact]
    public void Any_time_comes_back_with_its_kind()
    {
        Holds<DateTime>(value => Of(value) == value && Of(value).Kind == value.Kind);
        Holds<DateTime>(value =>
        {
            DateTime utc = new(value.Ticks, DateTimeKind.Utc);
            return Of(utc) == utc && Of(utc).Kind == DateTimeKind.Utc;
        });
        Holds<DateTimeOffset>(value => Of(value).EqualsExact(value));
        Holds<TimeSpan>(value => Of(value) == value);
        Holds<Guid>(value => Of(value) == value);
    }

    [Fact]
    public void Any_nested_collection_comes_back_equal()
    {
        Holds<List<Dictionary<string, int[]>>>(value => value.SequenceEqual(Of(value), (a, b) => a.Count == b.Count && a.All(pair => b[pair.Key].SequenceEqual(pair.Value))));
        Holds<Tuple<int?, List<Tuple<double, bool>>>>(value => Equals(value.Item1, Of(value).Item1) && value.Item2.SequenceEqual(Of(value).Item2));
        Holds<long[]>(value => value.ToHashSet().SetEquals(Of(value.ToHashSet())));
    }

    [Fact]
    public void Skip_passes_over_exactly_one_value() => Holds<List<Tuple<string, double[], int?>>>(value =>
    {
        byte[] data = RoundTrip.Bytes(value);
        ValueReader reader = new([.. data, 1, 2, 3], ValueSerializer.Default);
        reader.Skip();
        return reader.Position == data.Length;
    });

    private static void Holds<T>(Func<T, bool> property) => Check.One(Settings, Prop.ForAll(ArbMap.Default.ArbFor<T>(), property));

    private static T Of<T>(T value) => RoundTrip.Of(value, ValueSerializer.Default);

    private static int SmallestForm(long value) => value switch
    {
        >= -32 and < 128 => 1,
        >= -128 and < 256 => 2,
        >= short.MinValue and <= ushort.MaxValue => 3,
        >= int.MinValue and <= uint.MaxValue => 5,
        _ => 9,
    };
}

file static class SequenceComparison
{
    public static bool SequenceEqual<T>(this IReadOnlyList<T> left, IReadOnlyList<T> right, Func<T, T, bool> equal) =>
        left.Count == right.Count && Enumerable.Range(0, left.Count).All(i => equal(left[i], right[i]));
}
