using System.Globalization;
using System.Numerics;

namespace Weft.Serialization.Tests.Values;

public sealed class ScalarTests
{
    public static TheoryData<object> Scalars => new((object[])[
        true, false, 'x', '\uD800', (sbyte)-128, (byte)255, short.MinValue, ushort.MaxValue, int.MinValue, uint.MaxValue,
        long.MinValue, long.MaxValue, ulong.MaxValue, 0, -1, -32, -33, 127, 128, 65535, 65536L,
        Int128.MinValue, Int128.MaxValue, (Int128)(-5), UInt128.MaxValue, (UInt128)7, BigInteger.Pow(-7, 99), BigInteger.Pow(2, 64), BigInteger.Zero,
        Half.MaxValue, Half.NaN, float.Epsilon, float.NegativeZero, double.MaxValue, double.NaN, double.NegativeZero,
        1.10m, decimal.MinValue, decimal.Negate(0.00m), "", "text", "größer 漢字 😀", "lone \uD83D half", "\uDE00",
        Guid.Parse("00112233-4455-6677-8899-aabbccddeeff"), DateTime.MinValue, DateTime.MaxValue,
        new DateTime(2026, 11, 21, 12, 0, 0, DateTimeKind.Utc), new DateTime(1, 1, 1, 0, 0, 0, DateTimeKind.Utc),
        new DateTime(1969, 12, 31, 23, 59, 59, 999, DateTimeKind.Utc).AddTicks(1), new DateTime(DateTime.MaxValue.Ticks, DateTimeKind.Utc),
        new DateTime(2026, 7, 1, 1, 2, 3, DateTimeKind.Local), new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.FromMinutes(-570)),
        DateTimeOffset.MaxValue, DateOnly.MaxValue, TimeOnly.MaxValue, TimeSpan.MinValue, DayOfWeek.Friday, (DayOfWeek)77]);

    [Theory]
    [MemberData(nameof(Scalars))]
    public void Scalar_comes_back_equal(object value)
    {
        System.Buffers.ArrayBufferWriter<byte> output = new();
        ValueSerializer.Default.Write(output, value.GetType(), value);

        object? back = ValueSerializer.Default.Read(value.GetType(), output.WrittenSpan);

        Assert.Equal(value, back);
        Assert.IsType(value.GetType(), back);
        Assert.Equal(Text(value), Text(back!));
    }

    [Theory]
    [InlineData(DateTimeKind.Utc)]
    [InlineData(DateTimeKind.Local)]
    [InlineData(DateTimeKind.Unspecified)]
    public void DateTime_keeps_its_kind(DateTimeKind kind) =>
        Assert.Equal(kind, RoundTrip.Of(new DateTime(638_000_000_000_000_001, kind)).Kind);

    [Fact]
    public void Decimal_keeps_its_scale() => Assert.Equal("1.100", RoundTrip.Of(1.100m).ToString(CultureInfo.InvariantCulture));

    [Fact]
    public void Nullable_of_a_value_and_of_none_come_back()
    {
        Assert.Equal(5, RoundTrip.Of<int?>(5));
        Assert.Null(RoundTrip.Of<int?>(null));
        Assert.Equal(DayOfWeek.Monday, RoundTrip.Of<DayOfWeek?>(DayOfWeek.Monday));
    }

    [Theory]
    [InlineData(300L, typeof(byte))]
    [InlineData(-1L, typeof(uint))]
    [InlineData(-129L, typeof(sbyte))]
    [InlineData(1L << 40, typeof(int))]
    public void Number_outside_the_range_of_its_type_is_refused(long value, Type type) =>
        Assert.Contains("range", Assert.Throws<ValueSerializationException>(() => ValueSerializer.Default.Read(type, RoundTrip.Bytes(value))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(11)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(1024)]
    [InlineData(1025)]
    [InlineData(70_000)]
    public void String_of_any_length_comes_back(int length)
    {
        foreach (char letter in "aé漢\uD800")
        {
            string text = new(letter, length);
            Assert.Equal(text, RoundTrip.Of(text));
        }
    }

    private static string Text(object value) => value is IFormattable formattable ? formattable.ToString(null, CultureInfo.InvariantCulture) : value.ToString()!;
}
