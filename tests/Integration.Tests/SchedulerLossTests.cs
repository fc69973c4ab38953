using Weft.Protocol;

namespace Weft.Integration.Tests;

/// <summary>A scheduler is killed, and the next one knows nothing of it.</summary>
public sealed class SchedulerLossTests
{
    private static readonly TimeSpan Promptly = TimeSpan.FromSeconds(30);

    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    /// <summary>Behaviour 14, without a journal: with one, nothing is lost.</summary>
    [Fact]
    public async Task Scheduler_process_lost_every_pending_wait_gather_result_iterator_fails_promptly_with_a_reasoned_error_after_restart_at_the_same_address_the_client_reconnects_and_can_submit()
    {
        await using var cluster = new RestartableCluster();
        await cluster.StartSchedulerAsync("--journal", "off");
        cluster.StartWorkers(2);
        await cluster.HasWorkersAsync(2);
        await using var client = await WeftClient.ConnectAsync(cluster.SchedulerFile, cancellationToken: Ended);
        var endless = client.Map(static seconds => Thread.Sleep(TimeSpan.FromSeconds(seconds)), new[] { 100, 100, 100 });
        var number = client.Submit(static seconds => { Thread.Sleep(TimeSpan.FromSeconds(seconds)); return seconds; }, 100);
        Task[] pending =
        [
            client.WhenAll(endless),
            client.GatherAsync([number]),
            number.AsTask(),
            endless[0].AsTask(),
            IterateAsync(client, endless),
        ];
        var any = client.WhenAny(endless);
        await RealProcesses.Until("tasks run", async () => (await cluster.InfoAsync())?.Workers.Sum(static worker => worker.Running) == 2);
        var address = SchedulerFileReader.Read(cluster.SchedulerFile).File!.Address;

        cluster.KillScheduler();
        cluster.Port = address.Port;
        await cluster.StartSchedulerAsync("--journal", "off");

        foreach (var wait in pending)
        {
            var lost = await Assert.ThrowsAsync<SchedulerRestartedException>(() => wait.WaitAsync(Promptly, Ended));
            Assert.Contains("scheduler", lost.Message, StringComparison.Ordinal);
        }

        // It waits for an end, of whatever kind.
        Assert.Equal(FutureStatus.Lost, (await any.WaitAsync(Promptly, Ended)).Status);
        Assert.Equal(address, SchedulerFileReader.Read(cluster.SchedulerFile).File!.Address);
        Assert.Equal(49, await client.Submit(Workload.Square, 7).AsTask().WaitAsync(RealProcesses.Patience, Ended));
    }

    private static async Task IterateAsync<TFuture>(WeftClient client, IEnumerable<TFuture> futures)
        where TFuture : Future
    {
        await foreach (var future in client.WhenEach(futures))
        {
            await future;
        }
    }
}
