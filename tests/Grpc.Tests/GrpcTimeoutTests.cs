namespace Weft.Grpc.Tests;

public sealed class GrpcTimeoutTests
{
    [Theory]
    [InlineData("301m", 3_010_000)]
    [InlineData("1H", TimeSpan.TicksPerHour)]
    [InlineData("2M", 2 * TimeSpan.TicksPerMinute)]
    [InlineData("3S", 3 * TimeSpan.TicksPerSecond)]
    [InlineData("4u", 40)]
    [InlineData("500n", 5)]
    [InlineData("1n", 1)]
    [InlineData("0m", 0)]
    public void Known_units_are_read(string header, long ticks)
    {
        Assert.True(GrpcTimeout.TryParse(header, out var timeout));
        Assert.Equal(ticks, timeout.Ticks);
    }

    [Fact]
    public void Longer_than_a_TimeSpan_is_the_longest_TimeSpan()
    {
        Assert.True(GrpcTimeout.TryParse("99999999H", out var timeout));
        Assert.Equal(long.MaxValue / TimeSpan.TicksPerHour >= 99_999_999 ? TimeSpan.FromHours(99_999_999) : TimeSpan.MaxValue, timeout);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("m")]
    [InlineData("-1S")]
    [InlineData("1.5S")]
    [InlineData(" 1S")]
    [InlineData("1s")]
    [InlineData("123456789m")]
    public void Malformed_timeouts_are_refused(string header) => Assert.False(GrpcTimeout.TryParse(header, out _));

    [Theory]
    [InlineData(10, "1u")]
    [InlineData(11, "2u")]
    [InlineData(TimeSpan.TicksPerSecond, "1000000u")]
    [InlineData(200 * TimeSpan.TicksPerSecond, "200000m")]
    [InlineData(-5, "1n")]
    public void Timeouts_are_written_in_the_finest_unit_that_has_room(long ticks, string header) =>
        Assert.Equal(header, GrpcTimeout.Format(TimeSpan.FromTicks(ticks)));

    [Fact]
    public void What_was_written_reads_as_no_less_and_hardly_more()
    {
        for (long ticks = 1; ticks > 0; ticks = (ticks * 3) + 1)
        {
            string header = GrpcTimeout.Format(TimeSpan.FromTicks(ticks));
            Assert.True(GrpcTimeout.TryParse(header, out var timeout), header);
            Assert.InRange(timeout.Ticks, Math.Min(ticks, TimeSpan.FromHours(99_999_999).Ticks), ticks + Math.Max(10, ticks / 10_000));
            if (ticks > long.MaxValue / 4) break;
        }
    }
}
