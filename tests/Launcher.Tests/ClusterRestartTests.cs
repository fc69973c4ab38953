namespace Weft.Launcher.Tests;

/// <summary>A restart of an embedded cluster: its workers have no supervisor and begin anew within the process.</summary>
public sealed class ClusterRestartTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly SemaphoreSlim Begun = new(0);

    private static readonly ManualResetEventSlim Gate = new();

    private static readonly SemaphoreSlim Cancelled = new(0);

    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    [Fact]
    public async Task All_slots_are_there_again_although_tasks_of_before_do_not_listen()
    {
        Gate.Reset();
        await using var cluster = await LocalCluster.StartAsync(new LocalClusterOptions { Workers = 2, SlotsPerWorker = 1 }, Ended);
        await using var client = await cluster.ConnectAsync(cancellationToken: Ended);
        var deaf = client.Map(RunDeaf, Enumerable.Range(0, 2));
        await Begun.WaitAsync(Ended);
        await Begun.WaitAsync(Ended);

        await client.RestartAsync(Patience, Ended);

        await Assert.ThrowsAsync<FutureCancelledException>(async () => await deaf[0]);
        Assert.Equal(2, (await client.GatherAsync(client.Map(Meet, Enumerable.Range(0, 2)), Ended).WaitAsync(Patience, Ended)).Length);
        Gate.Set();
        Assert.Equal(FutureStatus.Cancelled, deaf[0].Status);
    }

    [Fact]
    public async Task Tasks_that_listen_are_cancelled_and_other_clients_hear_of_it()
    {
        await using var cluster = await LocalCluster.StartAsync(new LocalClusterOptions { Workers = 1 }, Ended);
        await using var client = await cluster.ConnectAsync(cancellationToken: Ended);
        await using var other = await cluster.ConnectAsync(cancellationToken: Ended);
        var listening = other.Submit(Listen);
        await Begun.WaitAsync(Ended);
        var scattered = await other.ScatterAsync(new byte[100], cancellationToken: Ended);
        await other.PublishAsync("name", scattered, cancellationToken: Ended);

        await client.RestartAsync(cancellationToken: Ended);

        await Cancelled.WaitAsync(Ended).WaitAsync(Patience, Ended);
        await Assert.ThrowsAsync<FutureCancelledException>(() => listening.AsTask().WaitAsync(Patience, Ended));
        await Assert.ThrowsAsync<FutureCancelledException>(async () => await other.Submit(static (byte[] bytes) => bytes.Length, scattered));
        await Assert.ThrowsAsync<NameNotPublishedException>(() => other.GetPublishedAsync<byte[]>("name", Ended));
        await scattered.RetryAsync(Ended);
        Assert.Equal(FutureStatus.Cancelled, scattered.Status);
        Assert.Equal(5, await other.Submit(static (int x) => x + 1, 4));
    }

    [Fact]
    public async Task What_was_submitted_before_the_restart_was_asked_for_is_cancelled_though_it_was_still_on_its_way()
    {
        await using var client = await WeftClient.StartLocalAsync(new LocalClusterOptions { Workers = 1 }, cancellationToken: Ended);
        for (var round = 0; round < 10; round++)
        {
            var late = client.Submit(static (int x) => x, round);
            await client.RestartAsync(Patience, Ended);
            Assert.Equal(FutureStatus.Cancelled, late.Status);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1e10)]
    public async Task A_timeout_that_cannot_be_meant_is_refused(double seconds)
    {
        await using var client = await WeftClient.StartLocalAsync(new LocalClusterOptions { Workers = 1 }, cancellationToken: Ended);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>("timeout", () => client.RestartAsync(TimeSpan.FromSeconds(seconds), Ended));
    }

    private static int RunDeaf(int x)
    {
        Begun.Release();
        Gate.Wait(Patience);
        return x;
    }

    private static readonly Barrier Both = new(2);

    /// <summary>Ends only when both run at the same time.</summary>
    private static int Meet(int x) => Both.SignalAndWait(Patience) ? x : throw new InvalidOperationException("The other does not run.");

    private static async Task<int> Listen()
    {
        Begun.Release();
        try
        {
            await Task.Delay(Patience * 10, TaskContext.Current!.CancellationToken);
        }
        catch (OperationCanceledException)
        {
            Cancelled.Release();
            throw;
        }

        return 0;
    }
}
