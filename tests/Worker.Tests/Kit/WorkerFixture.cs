using Weft.Grpc;
using Weft.Worker.Core;
using V1 = Weft.Protocol.V1;

namespace Weft.Worker.Tests.Kit;

/// <summary>One worker with its scheduler in this process.</summary>
internal sealed class WorkerFixture : IAsyncDisposable
{
    private WorkerFixture(FakeScheduler scheduler, WorkerHost host, FakeStream stream)
    {
        Scheduler = scheduler;
        Host = host;
        Stream = stream;
    }

    public FakeScheduler Scheduler { get; }

    public WorkerHost Host { get; }

    public FakeStream Stream { get; set; }

    public static WorkerHostOptions Options(FakeScheduler scheduler) => new()
    {
        Connect = _ => Task.FromResult(scheduler.Link()),
        Name = "w",
        LocalDirectory = Path.Combine(Path.GetTempPath(), "weft-worker-tests"),
    };

    public static async Task<WorkerFixture> StartAsync(int slots = 1, Func<WorkerHostOptions, WorkerHostOptions>? with = null, FakeScheduler? scheduler = null)
    {
        scheduler ??= new FakeScheduler();
        var options = Options(scheduler) with { Slots = slots };
        var host = await WorkerHost.StartAsync(with?.Invoke(options) ?? options);
        return new WorkerFixture(scheduler, host, await scheduler.AcceptAsync());
    }

    public Task SendAsync(params V1.Assignment[] assignments)
    {
        var orders = new V1.WorkerOrders();
        orders.Assignments.AddRange(assignments);
        return Stream.SendAsync(orders);
    }

    public Task DefineAsync(params V1.Function[] functions)
    {
        var orders = new V1.WorkerOrders();
        orders.Functions.AddRange(functions);
        return Stream.SendAsync(orders);
    }

    /// <summary>Lets this worker fetch from another within the process.</summary>
    public static Func<Peer, CallInvoker?> Peers(params (string Address, Func<WorkerHost?> Host)[] peers) =>
        peer => peers.First(known => known.Address == peer.Address).Host() is { } host ? new InProcessChannel(host.TransferService) : null;

    public async ValueTask DisposeAsync() => await Host.DisposeAsync();
}
