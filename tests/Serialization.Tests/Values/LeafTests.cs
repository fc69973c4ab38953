using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Weft.Serialization.Tests.Values;

public sealed class LeafTests
{
    [Fact]
    public void Text_like_classes_come_back_equal()
    {
        Assert.Equal(new Uri("https://example.org/a?b=c"), RoundTrip.Of(new Uri("https://example.org/a?b=c")));
        Assert.Equal(new Uri("relative/path", UriKind.Relative), RoundTrip.Of(new Uri("relative/path", UriKind.Relative)));
        Assert.Equal(new Version(1, 2, 3, 4), RoundTrip.Of(new Version(1, 2, 3, 4)));
        Assert.Equal("built", RoundTrip.Of(new StringBuilder("built")).ToString());
        Assert.Equal(CultureInfo.InvariantCulture, RoundTrip.Of(CultureInfo.InvariantCulture));
        Assert.Equal(Encoding.UTF8.CodePage, RoundTrip.Of(Encoding.UTF8).CodePage);
        Assert.Equal(TimeZoneInfo.Utc, RoundTrip.Of(TimeZoneInfo.Utc));
        Assert.Equal(typeof(Dictionary<,>), RoundTrip.Of(typeof(Dictionary<,>)));
        Assert.Equal(typeof(List<int[,]>[]), RoundTrip.Of<object>(typeof(List<int[,]>[])));
        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 80), RoundTrip.Of(new IPEndPoint(IPAddress.Loopback, 80)));
        Assert.Equal(IPAddress.Parse("fe80::1%3"), RoundTrip.Of(IPAddress.Parse("fe80::1%3")));
        Assert.Equal(IPAddress.Loopback, RoundTrip.Of(IPAddress.Loopback));
    }

    [Fact]
    public void Regex_keeps_pattern_options_and_limit()
    {
        Regex copy = RoundTrip.Of(new Regex("a+B", RegexOptions.IgnoreCase | RegexOptions.Singleline, TimeSpan.FromSeconds(3)));
        Assert.Equal(("a+B", RegexOptions.IgnoreCase | RegexOptions.Singleline, TimeSpan.FromSeconds(3)), (copy.ToString(), copy.Options, copy.MatchTimeout));
        Assert.Matches(copy, "xAAb");
    }

    [Fact]
    public void Json_comes_back_as_text_equal()
    {
        const string Text = """{"a":[1,2.50,null],"b":"ü"}""";
        Assert.Equal(Text, RoundTrip.Of(JsonElement.Parse(Text)).GetRawText());
        Assert.Equal(JsonValueKind.Undefined, RoundTrip.Of(default(JsonElement)).ValueKind);
        Assert.Equal(Text, RoundTrip.Of(JsonDocument.Parse(Text)).RootElement.GetRawText());
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Text), RoundTrip.Of(JsonNode.Parse(Text))));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Text), RoundTrip.Of((JsonObject)JsonNode.Parse(Text)!)));
        Assert.Equal(5, (int)RoundTrip.Of<JsonNode>(JsonValue.Create(5))!);
    }

    [Fact]
    public void Lazy_travels_as_its_value()
    {
        int made = 0;
        Lazy<string> copy = RoundTrip.Of(new Lazy<string>(() => $"made {++made}"));
        Assert.True(copy.IsValueCreated);
        Assert.Equal("made 1", copy.Value);
    }

    [Fact]
    public void Lock_comes_back_fresh()
    {
        Guarded copy = RoundTrip.Of(new Guarded());
        lock (copy.Gate)
        {
            Assert.True(copy.Gate.IsHeldByCurrentThread);
        }
    }

    [Fact]
    public void Empty_cancellation_token_travels_and_a_live_one_does_not()
    {
        Assert.Equal(CancellationToken.None, RoundTrip.Of(CancellationToken.None));
        using CancellationTokenSource source = new();
        Assert.Throws<ValueSerializationException>(() => RoundTrip.Bytes(source.Token));
    }

    public sealed class Guarded
    {
        public Lock Gate { get; } = new();

        public object Old { get; } = new();
    }
}
