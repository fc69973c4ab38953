using System.Collections.Concurrent;

namespace Weft.Launcher.Tests;

/// <summary>Setups on an embedded cluster, whose workers share this process: what they did is seen here.</summary>
public sealed class WorkerSetupTests
{
    private static readonly ConcurrentDictionary<string, ConcurrentQueue<string>> Runs = new();
    private static readonly ConcurrentDictionary<string, TaskCompletionSource> Gates = new();

    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_setup_runs_once_on_every_worker_before_its_task_completes()
    {
        await using var cluster = await LocalCluster.StartAsync(new LocalClusterOptions { Workers = 3 }, Ended);
        await using var client = await cluster.ConnectAsync(cancellationToken: Ended);
        var test = NewTest();

        await client.RegisterWorkerSetupAsync(() => Runs[test].Enqueue(TaskContext.Current!.WorkerName), Ended);

        Assert.Equal(["local-0", "local-1", "local-2"], Runs[test].Order());
        await client.GatherAsync(client.Map(static x => x + 1, Enumerable.Range(0, 100)));
        Assert.Equal(3, Runs[test].Count);
    }

    [Fact]
    public async Task Tasks_wait_for_setups_and_setups_for_those_before_them()
    {
        await using var cluster = await LocalCluster.StartAsync(new LocalClusterOptions { Workers = 1 }, Ended);
        await using var client = await cluster.ConnectAsync(cancellationToken: Ended);
        var test = NewTest();
        var gate = Gates[test] = new TaskCompletionSource();

        var first = client.RegisterWorkerSetupAsync(
            async () =>
            {
                await Gates[test].Task;
                Runs[test].Enqueue("first");
            },
            Ended);
        var second = client.RegisterWorkerSetupAsync(() => Runs[test].Enqueue("second"), Ended);
        var task = client.Submit(() => Runs[test].Enqueue("task"));

        Assert.Empty(Runs[test]);
        gate.SetResult();
        await first;
        await second;
        await task;

        Assert.Equal("first", Runs[test].First());
        Assert.Equal(["first", "second", "task"], Runs[test].Order());
    }

    [Fact]
    public async Task A_setup_that_fails_throws_its_own_exception_and_is_withdrawn()
    {
        await using var cluster = await LocalCluster.StartAsync(new LocalClusterOptions { Workers = 2 }, Ended);
        await using var client = await cluster.ConnectAsync(cancellationToken: Ended);

        var failed = await Assert.ThrowsAsync<TimeZoneNotFoundException>(
            () => client.RegisterWorkerSetupAsync(static () => throw new TimeZoneNotFoundException("no such zone"), Ended));

        Assert.Equal("no such zone", failed.Message);
        Assert.Equal(100, (await client.GatherAsync(client.Map(static x => x + 1, Enumerable.Range(0, 100)))).Length);
        Assert.Equal(2, (await client.GetInfoAsync(Ended)).Workers.Count);
    }

    [Fact]
    public async Task A_setup_is_of_its_own_client_only()
    {
        await using var cluster = await LocalCluster.StartAsync(new LocalClusterOptions { Workers = 1, SlotsPerWorker = 2 }, Ended);
        await using var client = await cluster.ConnectAsync(cancellationToken: Ended);
        await using var other = await cluster.ConnectAsync(cancellationToken: Ended);
        var test = NewTest();
        var gate = Gates[test] = new TaskCompletionSource();

        var registered = client.RegisterWorkerSetupAsync(() => Gates[test].Task, Ended);

        Assert.Equal(4, await other.Submit(static x => x * x, 2));
        gate.SetResult();
        await registered;
    }

    [Fact]
    public async Task Sixty_four_setups_are_enough()
    {
        await using var cluster = await LocalCluster.StartAsync(new LocalClusterOptions { Workers = 1 }, Ended);
        await using var client = await cluster.ConnectAsync(cancellationToken: Ended);
        for (var i = 0; i < 64; i++)
        {
            await client.RegisterWorkerSetupAsync(static () => { }, Ended);
        }

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => client.RegisterWorkerSetupAsync(static () => { }, Ended));

        Assert.Equal("This client has 64 worker setups, which is as many as there may be; do more in one of them.", refused.Message);
    }

    [Fact]
    public async Task What_a_setup_cannot_capture_is_refused_here()
    {
        await using var cluster = await LocalCluster.StartAsync(new LocalClusterOptions { Workers = 1 }, Ended);
        await using var client = await cluster.ConnectAsync(cancellationToken: Ended);

        var refused = await Assert.ThrowsAsync<ArgumentException>(() => client.RegisterWorkerSetupAsync(Awaiting(client.Submit(static x => x + 1, 1)), Ended));
        var tooLarge = await Assert.ThrowsAsync<ArgumentException>(() => client.RegisterWorkerSetupAsync(Clearing(new byte[70_000]), Ended));

        Assert.Contains("captured a future", refused.Message, StringComparison.Ordinal);
        Assert.Contains("allowed are 65536", tooLarge.Message, StringComparison.Ordinal);
    }

    private static Func<Task> Awaiting(Future<int> captured) => async () => await captured;

    private static Action Clearing(byte[] captured) => () => captured.AsSpan().Clear();

    private static string NewTest()
    {
        var test = Guid.NewGuid().ToString();
        Runs[test] = new ConcurrentQueue<string>();
        return test;
    }
}
