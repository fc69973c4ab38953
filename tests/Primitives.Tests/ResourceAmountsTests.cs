using Weft.Primitives;

namespace Weft.Primitives.Tests;

public sealed class ResourceAmountsTests
{
    [Theory]
    [InlineData("GPU=2", "GPU=2")]
    [InlineData("licence=0.5,GPU=2", "GPU=2,licence=0.5")]
    [InlineData(" a = 1 , b=0.001", "a=1,b=0.001")]
    [InlineData("", "")]
    public void Amounts_are_read_and_written_in_the_order_of_their_names(string text, string written) =>
        Assert.Equal(written, ResourceAmounts.Parse(text.Replace(" = ", "=", StringComparison.Ordinal)).ToString());

    [Theory]
    [InlineData("GPU")]
    [InlineData("=2")]
    [InlineData("GPU=-1")]
    [InlineData("GPU=0")]
    [InlineData("GPU=two")]
    [InlineData("GPU=0.0001")]
    [InlineData("GPU=1,GPU=2")]
    public void Wrong_amounts_are_refused_with_the_part_named(string text)
    {
        var refused = Assert.Throws<FormatException>(() => ResourceAmounts.Parse(text));
        Assert.Contains($"'{text.Split(',')[^1].Split('=')[0]}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Equal_amounts_are_equal_whatever_order_they_were_named_in()
    {
        Assert.Equal(ResourceAmounts.Parse("a=1,b=2"), ResourceAmounts.Parse("b=2,a=1"));
        Assert.NotEqual(ResourceAmounts.Parse("a=1"), ResourceAmounts.Parse("a=2"));
        Assert.Equal(2000, ResourceAmounts.Parse("b=2").MilliOf("b"));
        Assert.Equal(0, ResourceAmounts.Parse("b=2").MilliOf("a"));
    }
}
