namespace Weft.Grpc.Tests;

public sealed class InProcessCallTests : CallTests
{
    private protected override Task<CallInvoker> ConnectAsync() => Task.FromResult<CallInvoker>(new InProcessChannel(
        new InProcessChannelOptions
        {
            DefaultHeaders = new Metadata { { "x-default", "from the channel" } },
            HandlerFailed = (_, thrown) => HandlerFailures.Add(thrown),
        },
        Service.Definition));

    [Fact]
    public async Task Messages_are_handed_over_by_reference()
    {
        byte[] message = [1, 2, 3];
        using var call = Channel.AsyncUnaryCall(EchoService.Echo, default, message);
        Assert.Same(message, await call.ResponseAsync.WaitAsync(Patience.Long));
    }

    [Fact]
    public async Task Full_queue_makes_its_writer_wait_and_a_second_write_a_mistake()
    {
        using var channel = new InProcessChannel(new InProcessChannelOptions { QueueCapacity = 2 }, Service.Definition);
        var call = channel.AsyncDuplexStreamingCall(EchoService.Flood, default);
        await call.RequestStream.WriteAsync([1]);
        await call.RequestStream.WriteAsync([2]);
        var waiting = call.RequestStream.WriteAsync([3]).AsTask();
        Assert.False(waiting.IsCompleted);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await call.RequestStream.WriteAsync([4]));

        call.Dispose();
        var failure = await Assert.ThrowsAsync<RpcException>(() => waiting.WaitAsync(Patience.Long));
        Assert.Equal(StatusCode.Cancelled, failure.StatusCode);
    }

    [Fact]
    public async Task Call_ends_even_when_the_report_of_its_failure_fails()
    {
        using var channel = new InProcessChannel(
            new InProcessChannelOptions { HandlerFailed = (_, _) => throw new InvalidOperationException("no report") }, Service.Definition);
        using var call = channel.AsyncUnaryCall(EchoService.Throw, default, []);
        var failure = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync.WaitAsync(Patience.Long));
        Assert.Equal(StatusCode.Unknown, failure.StatusCode);
    }
}
