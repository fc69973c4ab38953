using System.Text;

namespace Weft.Grpc.Tests;

/// <summary>What a call does whatever carries it. Each transport runs all of it.</summary>
public abstract class CallTests : IAsyncLifetime
{
    private protected EchoService Service { get; } = new();

    private protected CallInvoker Channel { get; private set; } = null!;

    private protected List<Exception> HandlerFailures { get; } = [];

    public async ValueTask InitializeAsync() => Channel = await ConnectAsync();

    public async ValueTask DisposeAsync()
    {
        ((IDisposable)Channel).Dispose();
        await ShutDownAsync();
        GC.SuppressFinalize(this);
    }

    private protected abstract Task<CallInvoker> ConnectAsync();

    private protected virtual ValueTask ShutDownAsync() => ValueTask.CompletedTask;

    private static CallOptions Options => new(CancellationToken: TestContext.Current.CancellationToken);

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    [Fact]
    public async Task Unary_call_returns_what_the_handler_returns()
    {
        using var call = Channel.AsyncUnaryCall(EchoService.Echo, Options, Bytes("hi"));
        Assert.Equal("hi", Encoding.UTF8.GetString(await call.ResponseAsync.WaitAsync(Patience.Long)));
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task Empty_messages_are_messages()
    {
        using var call = Channel.AsyncUnaryCall(EchoService.Echo, Options, []);
        Assert.Empty(await call.ResponseAsync.WaitAsync(Patience.Long));
    }

    [Fact]
    public async Task Client_stream_is_read_to_its_half_close()
    {
        using var call = Channel.AsyncClientStreamingCall(EchoService.Count, Options);
        for (int i = 0; i < 100; i++) await call.RequestStream.WriteAsync(new byte[i]);
        await call.RequestStream.CompleteAsync();
        Assert.Equal("100 messages, 4950 bytes", Encoding.UTF8.GetString(await call.ResponseAsync.WaitAsync(Patience.Long)));
    }

    [Fact]
    public async Task Server_stream_ends_after_its_last_message()
    {
        using var call = Channel.AsyncServerStreamingCall(EchoService.Repeat, Options.WithHeaders(new Metadata { { "times", "50" } }), Bytes("again"));
        var received = new List<byte[]>();
        await foreach (byte[] message in call.ResponseStream.ReadAllAsync()) received.Add(message);
        Assert.Equal(50, received.Count);
        Assert.All(received, message => Assert.Equal(Bytes("again"), message));
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
        Assert.False(await call.ResponseStream.MoveNext());
    }

    [Fact]
    public async Task Duplex_stream_answers_each_message_before_the_next()
    {
        using var call = Channel.AsyncDuplexStreamingCall(EchoService.Chat, Options);
        for (int i = 0; i < 100; i++)
        {
            await call.RequestStream.WriteAsync([(byte)i]);
            Assert.True(await call.ResponseStream.MoveNext().AsTask().WaitAsync(Patience.Long));
            Assert.Equal([(byte)i], call.ResponseStream.Current);
        }

        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext().AsTask().WaitAsync(Patience.Long));
    }

    [Fact]
    public async Task Buffered_messages_arrive_with_the_next_unbuffered_one()
    {
        using var call = Channel.AsyncDuplexStreamingCall(EchoService.Chat, Options);
        call.RequestStream.WriteOptions = WriteOptions.Buffered;
        for (int i = 0; i < 10; i++) await call.RequestStream.WriteAsync([(byte)i]);
        call.RequestStream.WriteOptions = null;
        await call.RequestStream.WriteAsync([10]);
        for (int i = 0; i <= 10; i++)
        {
            Assert.True(await call.ResponseStream.MoveNext().AsTask().WaitAsync(Patience.Long));
            Assert.Equal([(byte)i], call.ResponseStream.Current);
        }
    }

    [Fact]
    public async Task Buffered_messages_arrive_with_the_half_close()
    {
        using var call = Channel.AsyncClientStreamingCall(EchoService.Count, Options);
        call.RequestStream.WriteOptions = WriteOptions.Buffered;
        for (int i = 0; i < 3; i++) await call.RequestStream.WriteAsync([1]);
        await call.RequestStream.CompleteAsync();
        Assert.Equal("3 messages, 3 bytes", Encoding.UTF8.GetString(await call.ResponseAsync.WaitAsync(Patience.Long)));
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("grüße, 100% 世界\nnext line")]
    public async Task Status_and_trailers_of_a_refusal_reach_the_caller(string message)
    {
        using var call = Channel.AsyncUnaryCall(EchoService.Fail, Options, Bytes(message));
        var refusal = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync.WaitAsync(Patience.Long));
        Assert.Equal(StatusCode.NotFound, refusal.StatusCode);
        Assert.Equal(message, refusal.Status.Detail);
        Assert.Equal("gone", refusal.Trailers.GetValue("reason"));
        Assert.Equal([1, 2, 255], refusal.Trailers.GetValueBytes("reason-bin")!);
        Assert.Equal(StatusCode.NotFound, call.GetStatus().StatusCode);
    }

    /// <summary>The answer may come while the head is still being sent, or between head and message: of many calls some meet each.</summary>
    [Fact]
    public async Task Call_that_is_refused_at_once_is_told_so_however_far_its_first_message_came()
    {
        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(async () =>
        {
            for (int i = 0; i < 100; i++)
            {
                using var call = Channel.AsyncDuplexStreamingCall(EchoService.Refuse, Options);
                if (await Record.ExceptionAsync(() => call.RequestStream.WriteAsync([1]).AsTask().WaitAsync(Patience.Long)) is { } unsent)
                {
                    Assert.Equal(StatusCode.PermissionDenied, Assert.IsType<RpcException>(unsent).StatusCode);
                }

                var refusal = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext().AsTask().WaitAsync(Patience.Long));
                Assert.Equal(StatusCode.PermissionDenied, refusal.StatusCode);
            }
        })));
    }

    [Fact]
    public async Task Messages_before_a_failure_are_delivered_first()
    {
        using var call = Channel.AsyncServerStreamingCall(EchoService.Partial, Options, Bytes("part"));
        Assert.True(await call.ResponseStream.MoveNext().AsTask().WaitAsync(Patience.Long));
        Assert.True(await call.ResponseStream.MoveNext().AsTask().WaitAsync(Patience.Long));
        var failure = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext().AsTask().WaitAsync(Patience.Long));
        Assert.Equal("halfway", failure.Status.Detail);
    }

    [Fact]
    public async Task Exception_of_a_handler_keeps_its_text_to_itself()
    {
        using var call = Channel.AsyncUnaryCall(EchoService.Throw, Options, []);
        var failure = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync.WaitAsync(Patience.Long));
        Assert.Equal(StatusCode.Unknown, failure.StatusCode);
        Assert.Equal("Exception was thrown by handler.", failure.Status.Detail);
        Assert.Equal("a secret of the server", Assert.Single(HandlerFailures).Message);
    }

    [Fact]
    public async Task Unknown_method_is_unimplemented()
    {
        using var call = Channel.AsyncUnaryCall(EchoService.Missing, Options, []);
        var failure = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync.WaitAsync(Patience.Long));
        Assert.Equal(StatusCode.Unimplemented, failure.StatusCode);
        Assert.Contains("/weft.test.Echo/Missing", failure.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Headers_and_trailers_travel_both_ways()
    {
        var headers = new Metadata { { "X-Text", "with, comma" }, { "x-raw-bin", [0, 255, 7, 8] }, { "x-twice", "a" }, { "x-twice", "b" }, { "x-empty-bin", [] } };
        using var call = Channel.AsyncUnaryCall(EchoService.Headers, Options.WithHeaders(headers), []);
        var answer = await call.ResponseHeadersAsync.WaitAsync(Patience.Long);
        Assert.Equal("with, comma", answer.GetValue("x-text"));
        Assert.Equal([0, 255, 7, 8], answer.GetValueBytes("x-raw-bin")!);
        Assert.Equal("a, b", string.Join(", ", answer.GetAll("x-twice").Select(entry => entry.Value)));
        Assert.Equal("from the channel", answer.GetValue("x-default"));
        Assert.Equal("no deadline", Encoding.UTF8.GetString(await call.ResponseAsync.WaitAsync(Patience.Long)));
        Assert.Equal("/weft.test.Echo/Headers", call.GetTrailers().GetValue("method"));
        Assert.Equal("yes", call.GetTrailers().GetValue("peer-known"));
    }

    [Fact]
    public async Task Handler_sees_the_deadline()
    {
        using var call = Channel.AsyncUnaryCall(EchoService.Headers, Options.WithDeadline(DateTime.UtcNow.AddMinutes(1)), []);
        Assert.Equal("deadline", Encoding.UTF8.GetString(await call.ResponseAsync.WaitAsync(Patience.Long)));
    }

    [Fact]
    public async Task Response_headers_come_before_any_message_was_written()
    {
        using var call = Channel.AsyncDuplexStreamingCall(EchoService.Greet, Options);
        var headers = await call.ResponseHeadersAsync.WaitAsync(Patience.Long);
        Assert.Equal("first", headers.GetValue("hello"));
        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext().AsTask().WaitAsync(Patience.Long));
    }

    [Fact]
    public async Task Passed_deadline_ends_the_call_on_both_sides()
    {
        using var call = Channel.AsyncDuplexStreamingCall(EchoService.Wait, Options.WithDeadline(DateTime.UtcNow.AddMilliseconds(150)));
        var failure = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext().AsTask().WaitAsync(Patience.Long));
        Assert.Equal(StatusCode.DeadlineExceeded, failure.StatusCode);
        Assert.Equal("cancelled", await Service.NextSeenAsync());
    }

    [Fact]
    public async Task Deadline_in_the_past_ends_the_call_at_once()
    {
        using var call = Channel.AsyncUnaryCall(EchoService.Echo, Options.WithDeadline(DateTime.UtcNow.AddSeconds(-1)), []);
        var failure = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync.WaitAsync(Patience.Long));
        Assert.Equal(StatusCode.DeadlineExceeded, failure.StatusCode);
    }

    [Fact]
    public void Deadline_that_is_not_UTC_is_refused() => Assert.Throws<ArgumentException>(
        () => Channel.AsyncUnaryCall(EchoService.Echo, Options.WithDeadline(DateTime.Now), []));

    [Fact]
    public async Task Cancelled_token_ends_the_call_on_both_sides()
    {
        using var cancellation = new CancellationTokenSource();
        using var call = Channel.AsyncDuplexStreamingCall(EchoService.Wait, new CallOptions(CancellationToken: cancellation.Token));
        await call.RequestStream.WriteAsync([1]);
        Assert.Equal("message", await Service.NextSeenAsync());

        var reading = call.ResponseStream.MoveNext().AsTask();
        await cancellation.CancelAsync();
        var failure = await Assert.ThrowsAsync<RpcException>(() => reading.WaitAsync(Patience.Long));
        Assert.Equal(StatusCode.Cancelled, failure.StatusCode);
        Assert.Equal("cancelled", await Service.NextSeenAsync());
        var late = await Assert.ThrowsAsync<RpcException>(async () => await call.RequestStream.WriteAsync([2]));
        Assert.Equal(StatusCode.Cancelled, late.StatusCode);
    }

    [Fact]
    public async Task Cancelled_read_ends_the_call_on_both_sides()
    {
        using var call = Channel.AsyncDuplexStreamingCall(EchoService.Wait, Options);
        await call.ResponseHeadersAsync.WaitAsync(Patience.Long);
        using var cancellation = new CancellationTokenSource();
        var reading = call.ResponseStream.MoveNext(cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        var failure = await Assert.ThrowsAsync<RpcException>(() => reading.WaitAsync(Patience.Long));
        Assert.Equal(StatusCode.Cancelled, failure.StatusCode);
        Assert.Equal("cancelled", await Service.NextSeenAsync());
    }

    [Fact]
    public async Task Disposed_call_ends_at_the_server()
    {
        var call = Channel.AsyncDuplexStreamingCall(EchoService.Wait, Options);
        await call.RequestStream.WriteAsync([1]);
        Assert.Equal("message", await Service.NextSeenAsync());
        call.Dispose();
        Assert.Equal("cancelled", await Service.NextSeenAsync());
    }

    [Fact]
    public async Task Disposed_channel_ends_its_calls()
    {
        using var call = Channel.AsyncDuplexStreamingCall(EchoService.Wait, Options);
        await call.ResponseHeadersAsync.WaitAsync(Patience.Long);
        var reading = call.ResponseStream.MoveNext().AsTask();
        ((IDisposable)Channel).Dispose();
        var failure = await Assert.ThrowsAsync<RpcException>(() => reading.WaitAsync(Patience.Long));
        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
        Assert.Equal("cancelled", await Service.NextSeenAsync());
    }

    [Fact]
    public async Task Half_close_is_no_cancellation()
    {
        using var call = Channel.AsyncDuplexStreamingCall(EchoService.Wait, Options);
        await call.RequestStream.CompleteAsync();
        Assert.Equal("half-close", await Service.NextSeenAsync());
        Assert.False(await call.ResponseStream.MoveNext().AsTask().WaitAsync(Patience.Long));
    }

    [Fact]
    public async Task Writer_that_nobody_reads_waits_until_the_call_ends()
    {
        var call = Channel.AsyncDuplexStreamingCall(EchoService.Flood, Options);
        Assert.True(await call.ResponseStream.MoveNext().AsTask().WaitAsync(Patience.Long));
        call.Dispose();
        Assert.Equal("stopped", await Service.NextSeenAsync());
    }

    [Fact]
    public async Task Status_of_a_server_that_does_not_read_on_reaches_a_writing_client()
    {
        using var call = Channel.AsyncDuplexStreamingCall(EchoService.Quit, Options);
        var failure = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext().AsTask().WaitAsync(Patience.Long));
        Assert.Equal("not today", failure.Status.Detail);
        var late = await Assert.ThrowsAsync<RpcException>(async () => await call.RequestStream.WriteAsync([1]));
        Assert.Equal(StatusCode.FailedPrecondition, late.StatusCode);
    }

    [Fact]
    public async Task Write_after_completion_is_a_mistake()
    {
        using var call = Channel.AsyncDuplexStreamingCall(EchoService.Chat, Options);
        await call.RequestStream.CompleteAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await call.RequestStream.WriteAsync([1]));
    }

    [Fact]
    public void Status_before_the_end_is_a_mistake()
    {
        using var call = Channel.AsyncDuplexStreamingCall(EchoService.Chat, Options);
        Assert.Throws<InvalidOperationException>(() => call.GetStatus());
        Assert.Throws<InvalidOperationException>(call.GetTrailers);
    }

    [Fact]
    public void Method_called_as_another_kind_is_a_mistake() => Assert.Throws<ArgumentException>(
        () => Channel.AsyncUnaryCall(EchoService.Chat, Options, []));

    [Fact]
    public async Task Two_hundred_streams_live_side_by_side()
    {
        var calls = Enumerable.Range(0, 200).Select(_ => Channel.AsyncDuplexStreamingCall(EchoService.Chat, Options)).ToList();
        for (int round = 0; round < 3; round++)
        {
            foreach (var (index, call) in calls.Index()) await call.RequestStream.WriteAsync([(byte)index, (byte)round]);
            foreach (var (index, call) in calls.Index())
            {
                Assert.True(await call.ResponseStream.MoveNext().AsTask().WaitAsync(Patience.Long));
                Assert.Equal([(byte)index, (byte)round], call.ResponseStream.Current);
            }
        }

        foreach (var call in calls)
        {
            await call.RequestStream.CompleteAsync();
            Assert.False(await call.ResponseStream.MoveNext().AsTask().WaitAsync(Patience.Long));
            call.Dispose();
        }
    }

    [Fact]
    public async Task Sixty_four_MiB_stream_through()
    {
        using var call = Channel.AsyncDuplexStreamingCall(EchoService.Chat, Options);
        byte[] message = new byte[1024 * 1024];
        new Random(1).NextBytes(message);
        var writing = WriteAsync();
        for (int i = 0; i < 64; i++)
        {
            Assert.True(await call.ResponseStream.MoveNext().AsTask().WaitAsync(Patience.Long));
            Assert.True(message.AsSpan().SequenceEqual(call.ResponseStream.Current));
        }

        await writing.WaitAsync(Patience.Long);
        Assert.False(await call.ResponseStream.MoveNext().AsTask().WaitAsync(Patience.Long));

        async Task WriteAsync()
        {
            for (int i = 0; i < 64; i++) await call.RequestStream.WriteAsync(message);
            await call.RequestStream.CompleteAsync();
        }
    }
}
