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

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_stream_that_the_server_ends_while_its_head_is_sent_is_waited_for_no_longer(bool isAnsweredFirst)
    {
        using var ended = new CancellationTokenSource();
        var writing = _content.UseStreamAsync().AsTask();
        var only = _content.CopyToAsync(new UnsentStream(), null, ended.Token);
        if (isAnsweredFirst)
        {
            _content.OnAnswered();
        }

        await ended.CancelAsync();
        if (!isAnsweredFirst)
        {
            Assert.False(writing.IsCompleted);
            _content.OnAnswered();
        }

        Assert.Equal("the server ended the call before its first message", (await Assert.ThrowsAsync<IOException>(() => writing.WaitAsync(Patience.Long))).Message);

        _content.Finish();
        await only.WaitAsync(Patience.Long);
    }

    [Fact]
    public async Task An_answer_that_comes_before_the_stream_leaves_it_to_be_used()
    {
        var writing = _content.UseStreamAsync().AsTask();
        _content.OnAnswered();
        using var stream = new MemoryStream();
        var only = _content.CopyToAsync(stream, null, CancellationToken.None);

        Assert.Same(stream, await writing.WaitAsync(Patience.Long));

        _content.Finish();
        await only.WaitAsync(Patience.Long);
    }

    [Fact]
    public async Task A_call_that_has_ended_leaves_nobody_waiting_for_its_stream()
    {
        var writing = _content.UseStreamAsync().AsTask();

        _content.Finish();

        await Assert.ThrowsAsync<IOException>(() => writing.WaitAsync(Patience.Long));
    }

    /// <summary>What is written does not go out.</summary>
    private sealed class UnsentStream : MemoryStream
    {
        public override Task FlushAsync(CancellationToken cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken);
    }
}
