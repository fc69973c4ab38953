namespace Weft.Grpc.Tests;

/// <summary>How the stream of a request comes to its writer, when HttpClient tries more than once.</summary>
public sealed class StreamingContentTests
{
    private readonly StreamingContent _content = new();

    [Fact]
    public async Task An_attempt_that_is_refused_while_its_head_is_sent_leaves_the_call_to_the_next()
    {
        using var refused = new CancellationTokenSource();
        var first = _content.CopyToAsync(new UnsentStream(), null, refused.Token);
        await refused.CancelAsync();
        using var stream = new MemoryStream();
        var second = _content.CopyToAsync(stream, null, CancellationToken.None);

        Assert.Same(stream, await _content.UseStreamAsync());
        Assert.False(first.IsCompleted);

        _content.Finish();
        await first.WaitAsync(Patience.Long);
        await second.WaitAsync(Patience.Long);
    }

    [Fact]
    public async Task A_call_that_is_abandoned_while_its_head_is_sent_ends_its_attempt()
    {
        using var cancelled = new CancellationTokenSource();
        var only = _content.CopyToAsync(new UnsentStream(), null, cancelled.Token);
        await cancelled.CancelAsync();

        _content.Abandon(new TimeoutException("the call's"));

        Assert.Equal("the call's", (await Assert.ThrowsAnyAsync<Exception>(() => only.WaitAsync(Patience.Long))).GetBaseException().Message);
    }

    /// <summary>What is written does not go out.</summary>
    private sealed class UnsentStream : MemoryStream
    {
        public override Task FlushAsync(CancellationToken cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken);
    }
}
