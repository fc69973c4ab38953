using Weft.Grpc;
using Weft.Protocol;
using Weft.Protocol.V1;

namespace Weft.Scheduler.Tests;

/// <summary>Which workers are meant by the words of a drain.</summary>
public sealed class DrainTests
{
    [Theory]
    [InlineData("gpu-2", "gpu-2", "")]
    [InlineData("gpu-1", "gpu-2 gpu-3", "")]
    [InlineData("gpu-2 gpu-2 nobody", "gpu-2", "nobody")]
    [InlineData("gpu-1 gpu-3", "gpu-2 gpu-3", "")]
    public async Task A_host_is_meant_only_where_no_worker_is_called_so(string words, string drained, string unknown)
    {
        await using var host = await SchedulerHost.StartAsync(new SchedulerHostOptions());
        using var channel = new InProcessChannel(host.Services);
        using var one = await EchoWorker.ConnectAsync(channel, "gpu-2", "gpu-1");
        using var other = await EchoWorker.ConnectAsync(channel, "gpu-3", "gpu-1");
        using var third = await EchoWorker.ConnectAsync(channel, "gpu-4", "gpu-2");

        var answer = await channel.AsyncUnaryCall(WeftServices.ControlDrain, default, new DrainRequest { Workers = { words.Split(' ') } });

        Assert.Equal(drained, string.Join(' ', answer.Workers.Select(static worker => worker.Name).Order()));
        Assert.Equal(unknown, string.Join(' ', answer.Unknown));
    }
}
