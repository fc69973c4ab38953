namespace Weft.Protocol.Tests;

public sealed class ParserTests
{
    [Theory]
    [InlineData("500ms", 0.5)]
    [InlineData("90s", 90)]
    [InlineData("1.5s", 1.5)]
    [InlineData("55m", 3300)]
    [InlineData("2h", 7200)]
    [InlineData("1d", 86400)]
    [InlineData("0s", 0)]
    public void Durations_are_a_number_and_a_unit(string text, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Duration.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("90")]
    [InlineData("s")]
    [InlineData("-5s")]
    [InlineData("5 s")]
    [InlineData("5S")]
    [InlineData("1e3s")]
    [InlineData("1h30m")]
    [InlineData("99999d")]
    public void Another_text_is_refused_as_a_duration_by_name_and_with_what_is_allowed(string text)
    {
        var exception = Assert.Throws<FormatException>(() => Duration.Parse(text));
        Assert.Contains($"'{text}'", exception.Message);
        Assert.Contains("55m", exception.Message);
    }

    [Theory]
    [InlineData("90s", "90s")]
    [InlineData("120s", "2m")]
    [InlineData("1500ms", "1500ms")]
    [InlineData("48h", "2d")]
    [InlineData("0s", "0ms")]
    public void Durations_are_written_as_they_are_read(string text, string written) =>
        Assert.Equal(written, Duration.Format(Duration.Parse(text)));

    [Theory]
    [InlineData("65536", 65536)]
    [InlineData("10B", 10)]
    [InlineData("4GB", 4_000_000_000)]
    [InlineData("512MiB", 512L << 20)]
    [InlineData("1.5GiB", 3L << 29)]
    [InlineData("1kB", 1000)]
    public void Sizes_are_a_number_and_a_unit(string text, long bytes)
    {
        Assert.Equal(bytes, ByteSize.Parse(text));
        Assert.Equal(bytes, ByteSize.ParseSizeOrFraction(text, 1));
    }

    [Theory]
    [InlineData("")]
    [InlineData("GB")]
    [InlineData("-4GB")]
    [InlineData("0GB")]
    [InlineData("4 GB")]
    [InlineData("4gb")]
    [InlineData("4G")]
    [InlineData("0.5")]
    [InlineData("99999999999TB")]
    public void Another_text_is_refused_as_a_size_by_name_and_with_what_is_allowed(string text)
    {
        var exception = Assert.Throws<FormatException>(() => ByteSize.Parse(text));
        Assert.Contains($"'{text}'", exception.Message);
        Assert.Contains("512MiB", exception.Message);
    }

    [Fact]
    public void A_number_up_to_one_is_a_part_of_the_whole_where_there_is_one()
    {
        Assert.Equal(500, ByteSize.ParseSizeOrFraction("0.5", 1000));
        Assert.Equal(1000, ByteSize.ParseSizeOrFraction("1", 1000));
        Assert.Throws<FormatException>(() => ByteSize.ParseSizeOrFraction("1.5", 1000));
        Assert.Throws<FormatException>(() => ByteSize.ParseSizeOrFraction("0", 1000));
    }

    [Theory]
    [InlineData("tls://10.0.0.7:8786", true, "10.0.0.7", 8786, false)]
    [InlineData("tcp://127.0.0.1:1", false, "127.0.0.1", 1, true)]
    [InlineData("tcp://node-17.cluster:65535", false, "node-17.cluster", 65535, false)]
    [InlineData("tcp://[::1]:8786", false, "::1", 8786, true)]
    [InlineData("tcp://localhost:8786", false, "localhost", 8786, true)]
    public void Addresses_are_read_and_written(string text, bool isTls, string host, int port, bool isLoopback)
    {
        var address = ClusterAddress.Parse(text);

        Assert.Equal(new ClusterAddress(isTls, host, port), address);
        Assert.Equal(isLoopback, address.IsLoopback);
        Assert.Equal(text, address.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("10.0.0.7:8786")]
    [InlineData("http://h:1")]
    [InlineData("tcp://h")]
    [InlineData("tcp://:8786")]
    [InlineData("tcp://h:0")]
    [InlineData("tcp://h:65536")]
    [InlineData("tcp://h h:1")]
    public void Another_text_is_refused_as_an_address(string text) =>
        Assert.Contains($"'{text}'", Assert.Throws<FormatException>(() => ClusterAddress.Parse(text)).Message);
}
