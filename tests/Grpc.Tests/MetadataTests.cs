namespace Weft.Grpc.Tests;

public sealed class MetadataTests
{
    [Fact]
    public void Keys_are_found_in_any_case_and_the_last_value_wins()
    {
        var metadata = new Metadata { { "Key", "1" }, { "kEY", "2" }, { "other", "3" } };
        Assert.Equal("2", metadata.GetValue("KEY"));
        Assert.Equal(["1", "2"], metadata.GetAll("key").Select(entry => entry.Value));
        Assert.Null(metadata.GetValue("missing"));
        Assert.Equal("key", metadata[0].Key);
    }

    [Theory]
    [InlineData("", "value")]
    [InlineData("two words", "value")]
    [InlineData("grpc-status", "0")]
    [InlineData("text-bin", "value")]
    [InlineData("key", "ünicode")]
    [InlineData("key", "line\nbreak")]
    public void Entries_that_cannot_be_sent_are_refused(string key, string value) =>
        Assert.ThrowsAny<ArgumentException>(() => new Metadata { { key, value } });

    [Fact]
    public void Bytes_under_a_key_for_text_are_refused() => Assert.Throws<ArgumentException>(() => new Metadata { { "key", [1] } });

    [Theory]
    [InlineData("AAEC/w==", new byte[] { 0, 1, 2, 255 })]
    [InlineData("AAEC/w", new byte[] { 0, 1, 2, 255 })]
    [InlineData("", new byte[0])]
    public void Binary_values_are_read_with_and_without_padding(string header, byte[] expected)
    {
        var metadata = new Metadata();
        MetadataCodec.Add(metadata, "Data-Bin", header);
        Assert.Equal(expected, metadata.GetValueBytes("data-bin"));
    }

    [Fact]
    public void Joined_binary_values_are_taken_apart()
    {
        var metadata = new Metadata();
        MetadataCodec.Add(metadata, "data-bin", "AQ, AgM=");
        Assert.Equal([[1], [2, 3]], metadata.GetAll("data-bin").Select(entry => entry.ValueBytes));
    }

    [Theory]
    [InlineData("grpc-encoding", "gzip")]
    [InlineData("te", "trailers")]
    [InlineData("data-bin", "not*base64")]
    [InlineData("odd!name", "value")]
    [InlineData("key", "\u00e4")]
    public void Headers_that_are_no_metadata_are_left_out(string name, string value)
    {
        var metadata = new Metadata();
        MetadataCodec.Add(metadata, name, value);
        Assert.Empty(metadata);
    }

    [Fact]
    public void Binary_values_are_sent_without_padding() => Assert.Equal("AAEC/w", MetadataCodec.Encode(new Metadata.Entry("data-bin", [0, 1, 2, 255])));
}
