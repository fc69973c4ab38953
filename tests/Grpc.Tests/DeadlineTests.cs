namespace Weft.Grpc.Tests;

/// <summary>What a broken stream means at the deadline of its call.</summary>
public sealed class DeadlineTests
{
    [Theory]
    [InlineData(0, StatusCode.DeadlineExceeded)]
    [InlineData(60, StatusCode.Unavailable)]
    [InlineData(null, StatusCode.Unavailable)]
    public void A_stream_that_breaks_at_the_deadline_has_met_it(int? secondsLeft, StatusCode expected)
    {
        using var channel = GrpcChannel.ForAddress("http://127.0.0.1:1");
        using var call = new HttpCall<byte[], byte[]>(channel, EchoService.Echo, new CallOptions(Deadline: secondsLeft is { } seconds ? DateTime.UtcNow.AddSeconds(seconds) : null));

        Assert.Equal(expected, call.BreakFor(new IOException("reset")).StatusCode);
    }
}
