using System.Text;

namespace Weft.Grpc.Tests;

public sealed class StatusMessageTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("plain text stays, as it is!", "plain text stays, as it is!")]
    [InlineData("100%", "100%25")]
    [InlineData("ü\n", "%C3%BC%0A")]
    public void Bytes_that_are_not_printable_are_encoded(string message, string encoded)
    {
        Assert.Equal(encoded, StatusMessage.Encode(message));
        Assert.Equal(message, StatusMessage.Decode(encoded));
    }

    [Theory]
    [InlineData("%", "%")]
    [InlineData("50% off", "50% off")]
    [InlineData("%4", "%4")]
    [InlineData("%zz%41", "%zzA")]
    [InlineData("%c3%bc", "ü")]
    [InlineData("%C3", "\uFFFD")]
    public void Decoding_keeps_what_is_no_code(string encoded, string message) => Assert.Equal(message, StatusMessage.Decode(encoded));

    [Theory]
    [InlineData("x")]
    [InlineData("世")]
    public void Text_too_long_for_a_trailer_is_cut_between_characters(string character)
    {
        string encoded = StatusMessage.Encode(string.Concat(Enumerable.Repeat(character, 100_000)));
        Assert.InRange(encoded.Length, StatusMessage.EncodedLengthMax - 12, StatusMessage.EncodedLengthMax);
        Assert.Matches($"^({character})+\\.\\.\\.$", StatusMessage.Decode(encoded));
    }

    [Fact]
    public void Any_text_comes_back()
    {
        var random = new Random(3);
        for (int round = 0; round < 1_000; round++)
        {
            var text = new StringBuilder();
            for (int i = random.Next(20); i > 0; i--)
            {
                int scalar = random.Next(0x10FFFF);
                if (Rune.IsValid(scalar)) text.Append(new Rune(scalar));
                text.Append((char)random.Next(0x20, 0x7F));
            }

            string message = text.ToString();
            string encoded = StatusMessage.Encode(message);
            Assert.All(encoded, c => Assert.InRange(c, ' ', '~'));
            Assert.Equal(message, StatusMessage.Decode(encoded));
        }
    }
}
