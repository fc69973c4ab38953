namespace Weft.Protocol.Tests;

public sealed class ContactAddressTests
{
    [Theory]
    [InlineData("node7")]
    [InlineData("node7.example.org:9000")]
    [InlineData("10.0.0.7")]
    [InlineData("10.0.0.7:1")]
    [InlineData("fd00::7")]
    [InlineData("[fd00::7]")]
    [InlineData("[fd00::7]:9000")]
    public void A_host_with_or_without_a_port_is_taken_as_it_is(string text) => Assert.Equal(text, ContactAddress.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData(":9000")]
    [InlineData("node 7")]
    [InlineData("node7:")]
    [InlineData("node7:0")]
    [InlineData("node7:65536")]
    [InlineData("http://node7")]
    [InlineData("[fd00::7")]
    public void Anything_else_is_named(string text)
    {
        Assert.Contains($"'{text}' is not what others can connect to", Assert.Throws<FormatException>(() => ContactAddress.Parse(text)).Message);
    }
}
