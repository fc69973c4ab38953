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
}
