using System.Collections.Concurrent;
using Weft.Worker.Tests.Kit;
using V1 = Weft.Protocol.V1;

namespace Weft.Worker.Tests;

/// <summary>A worker whose process holds more than it should: in a test, because its limit is tiny.</summary>
public sealed class PausingTests
{
    [Fact]
    public async Task A_paused_worker_says_so_begins_nothing_and_says_so_again_when_it_comes_back()
    {
        var lines = new ConcurrentQueue<string>();
        await using var worker = await WorkerFixture.StartAsync(
            with: options => options with { MemoryLimitBytes = 1 << 20, MemoryPauseFraction = 0.8, Report = lines.Enqueue },
            scheduler: new FakeScheduler { KnowsPast = true });
        await worker.Stream.Until(() => worker.Stream.Batches.Any(batch => batch.Heartbeat is not null));
        worker.Host.OnMemory(1 << 20);
        await worker.Stream.Until(() => worker.Stream.Batches.Any(batch => batch.Pauses == 1));
        Assert.Contains("it begins nothing until it holds less than 0 MiB", Assert.Single(lines), StringComparison.Ordinal);

        await worker.DefineAsync(Calls.Function(1, Identity));
        await worker.SendAsync(Calls.Map(0, 1, Identity, 5));
        await worker.Stream.SendAsync(new V1.WorkerOrders { Retract = { new V1.AttemptRun { First = 0, Count = 1, Attempt = 1 } } });
        await worker.Stream.Until(() => worker.Stream.Batches.Any(batch => batch.Retracted.Count == 1));

        worker.Stream.Kill();
        worker.Stream = await worker.Scheduler.AcceptAsync();
        Assert.Equal(1UL, worker.Stream.Hello.Pauses);

        worker.Host.OnMemory(1);
        await worker.Stream.Until(() => worker.Stream.Batches.Any(batch => batch.Pauses == 2));
        Assert.Equal(2, lines.Count);
    }

    [Fact]
    public async Task A_worker_without_a_limit_or_with_pausing_off_never_pauses()
    {
        await using var unlimited = await WorkerFixture.StartAsync(with: static options => options with { MemoryPauseFraction = 0.8 });
        await using var off = await WorkerFixture.StartAsync(with: static options => options with { MemoryLimitBytes = 1 << 20 });
        foreach (var worker in new[] { unlimited, off })
        {
            await worker.Stream.Until(() => worker.Stream.Batches.Any(batch => batch.Heartbeat is not null));
            worker.Host.OnMemory(1L << 40);
            await worker.DefineAsync(Calls.Function(1, Identity));
            await worker.SendAsync(Calls.Map(0, 1, Identity, 5));
            await worker.Stream.Until(() => worker.Stream.Values.Count == 1);
        }
    }

    private static int Identity(int value) => value;
}
