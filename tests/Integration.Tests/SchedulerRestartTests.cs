namespace Weft.Integration.Tests;

/// <summary>A scheduler is killed without a warning, and another goes on from its journal.</summary>
public sealed class SchedulerRestartTests(ITestOutputHelper output)
{
    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    [Fact]
    public async Task After_a_scheduler_is_killed_at_half_of_ten_thousand_tasks_fewer_than_two_percent_of_the_finished_ones_run_again()
    {
        const int Tasks = 10_000;
        await using var cluster = await RestartableCluster.StartAsync(workers: 2, "--nthreads", "8");
        await using var client = await WeftClient.ConnectAsync(cluster.SchedulerFile, cancellationToken: Ended);
        using var notes = new TemporaryFolder();
        var run = Workload.StartTimedRun(client, notes.Path, Tasks, taskMs: 10);
        var total = client.Submit(Workload.SumOfLongs, run);
        await cluster.HasCompletedAsync(Tasks / 2);

        cluster.KillScheduler();
        var finished = Workload.NotedRuns(notes.Path).Count;
        await cluster.StartSchedulerAsync();

        Assert.Equal((long)Tasks * (Tasks - 1) / 2, await total.AsTask().WaitAsync(RealProcesses.Patience * 3, Ended));
        var again = Workload.NotedRuns(notes.Path).Values.Sum(static count => count - 1);
        output.WriteLine($"{finished} had finished when the scheduler was killed, {again} ran again\n{cluster.Log}");
        Assert.InRange(again, 0, (finished / 50) - 1);
    }

    [Fact]
    public async Task Published_results_are_there_after_their_client_has_gone_and_the_scheduler_was_killed()
    {
        await using var cluster = await RestartableCluster.StartAsync(workers: 2);
        await using (var publisher = await WeftClient.ConnectAsync(cluster.SchedulerFile, cancellationToken: Ended))
        {
            var small = publisher.Map(Square, Enumerable.Range(0, 100));
            var large = publisher.Submit(Large, 200_000);
            await publisher.WhenAll([.. small, large], Ended);
            await publisher.PublishAsync("small", small, cancellationToken: Ended);
            await publisher.PublishAsync("large", large, cancellationToken: Ended);
        }

        cluster.KillScheduler();
        await cluster.StartSchedulerAsync();

        await using var client = await WeftClient.ConnectAsync(cluster.SchedulerFile, cancellationToken: Ended);
        var total = client.Submit(Sum, await client.GetPublishedAsync<int>("small", Ended));
        var bytes = await client.GetPublishedAsync<byte[]>("large", Ended);
        Assert.Equal(328_350, await total.AsTask().WaitAsync(RealProcesses.Patience * 3, Ended));
        Assert.Equal(200_000, (await client.GatherAsync(bytes, Ended).WaitAsync(RealProcesses.Patience * 3, Ended))[0].Length);
        await client.UnpublishAsync("large", Ended);
        Assert.Equal(["small"], (await client.ListPublishedAsync(Ended)).Select(static published => published.Name));
    }

    private static int Square(int x) => x * x;

    private static int Sum(int[] xs) => xs.Sum();

    private static byte[] Large(int length) => new byte[length];
}
