using System.Collections.Concurrent;
using Weft.Worker.Tests.Kit;
using V1 = Weft.Protocol.V1;

namespace Weft.Worker.Tests;

/// <summary>Workers that are told to begin anew, while a task runs that does not listen.</summary>
public sealed class BeginAnewTests
{
    private static readonly V1.WorkerOrders BeginAnew = new() { Stop = new V1.WorkerStop { Reason = "restarted", Restart = true } };

    private static readonly ConcurrentDictionary<int, Gate> Gates = new();

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task With_a_supervisor_it_ends_at_once_and_asks_for_another()
    {
        var path = Path.GetTempFileName();
        using var supervisor = LifePage.Create(path, slots: 1);
        await using var worker = await WorkerFixture.StartAsync(with: options => options with { LifePage = LifePage.Open(path) });
        var gate = await RunDeafAsync(worker);

        await worker.Stream.SendAsync(BeginAnew);

        Assert.Equal(new WorkerEnd(WorkerEndReason.Told, "restarted", ShouldRestart: true), await worker.Host.Completion.WaitAsync(Patience));
        gate.Open.SetResult();
        File.Delete(path);
    }

    [Fact]
    public async Task Without_one_it_comes_back_as_another_with_all_of_its_slots_and_nothing_of_before_is_said()
    {
        await using var worker = await WorkerFixture.StartAsync(scheduler: new FakeScheduler { KnowsPast = true });
        var gate = await RunDeafAsync(worker);
        var before = worker.Stream;
        worker.Scheduler.Restarts = 1;

        await before.SendAsync(BeginAnew);

        worker.Stream = await worker.Scheduler.AcceptAsync();
        Assert.NotEqual(before.Hello.Incarnation, worker.Stream.Hello.Incarnation);
        Assert.False(worker.Stream.Hello.Resumed);
        Assert.Empty(worker.Stream.Hello.Running);
        await worker.DefineAsync(Calls.Function(1, Square));
        await worker.SendAsync(Calls.Map(10, 1, Square, 3));
        await worker.Stream.Until(() => worker.Stream.Order.Count == 1);
        gate.Open.SetResult();
        Assert.Equal([10], worker.Stream.Order);
        Assert.False(worker.Host.Completion.IsCompleted);
    }

    /// <summary>A worker that is welcomed back before it was told of a restart must not pass for one of after it.</summary>
    [Fact]
    public async Task When_it_comes_back_it_says_how_often_the_cluster_had_been_restarted_when_it_began()
    {
        await using var worker = await WorkerFixture.StartAsync(scheduler: new FakeScheduler { KnowsPast = true, Restarts = 3 });
        await worker.DefineAsync(Calls.Function(1, Square));
        await worker.SendAsync(Calls.Map(0, 1, Square, 3));
        await worker.Stream.Until(() => worker.Stream.Order.Count == 1);
        worker.Scheduler.Restarts = 4;
        for (var connection = 0; connection < 2; connection++)
        {
            worker.Stream.Kill();
            worker.Stream = await worker.Scheduler.AcceptAsync();
            Assert.True(worker.Stream.Hello.Resumed);
            Assert.Equal(3u, worker.Stream.Hello.Restarts);
        }
    }

    private static async Task<Gate> RunDeafAsync(WorkerFixture worker)
    {
        var gate = new Gate();
        var number = Gates.Count;
        Assert.True(Gates.TryAdd(number, gate));
        await worker.DefineAsync(Calls.Function(1, Wait));
        await worker.SendAsync(Calls.Map(0, 1, Wait, number));
        await gate.Entered.Task;
        return gate;
    }

    private static int Wait(int gate)
    {
        Gates[gate].Entered.TrySetResult();
        Gates[gate].Open.Task.Wait();
        return gate;
    }

    private static int Square(int x) => x * x;

    private sealed class Gate
    {
        public TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Open { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
