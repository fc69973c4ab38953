using System.Diagnostics;

namespace Weft.Integration.Tests;

/// <summary>Results and scattered data on more than one worker, and what dies with whom.</summary>
public sealed class ReplicationTests(ITestOutputHelper output)
{
    private const int Results = 12;

    /// <summary>Of one block.</summary>
    private const long BlockBytes = 100_000;

    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Scattered_data_is_held_by_two_workers_survives_both_and_a_restart_of_the_scheduler()
    {
        await using var cluster = await RestartableCluster.StartAsync(workers: 3);
        await using var client = await WeftClient.ConnectAsync(cluster.SchedulerFile, cancellationToken: Ended);
        var data = await client.ScatterAsync(Enumerable.Range(0, 300_000).ToArray(), cancellationToken: Ended);
        var before = await HoldersAsync(cluster, count: 2);

        before.ForEach(Kill);
        await RealProcesses.Until("others hold it", async () => await HoldersOfNowAsync(cluster) is { Count: 2 } now && !now.Intersect(before).Any());
        Assert.Equal(44_999_850_000, await client.Submit(Sum, data));

        cluster.KillScheduler();
        await cluster.StartSchedulerAsync();
        Assert.Equal(44_999_850_000, await client.Submit(Sum, data));
        data.Dispose();
        await RealProcesses.Until("it is freed everywhere", async () => (await HoldersOfNowAsync(cluster)).Count == 0);
    }

    [Fact]
    public async Task Data_that_is_broadcast_is_held_by_every_worker_and_by_one_that_joins()
    {
        await using var cluster = await RestartableCluster.StartAsync(workers: 3);
        await using var client = await WeftClient.ConnectAsync(cluster.SchedulerFile, cancellationToken: Ended);
        using var data = await client.ScatterAsync(new int[300_000], broadcast: true, Ended);
        await HoldersAsync(cluster, count: 3);
        cluster.StartWorkers(1);
        await HoldersAsync(cluster, count: 4);
    }

    [Fact]
    public async Task Replicated_results_outlive_their_makers_and_a_restart_of_the_scheduler_and_nothing_runs_again()
    {
        await using var cluster = await RestartableCluster.StartAsync(workers: 2);
        await using var client = await WeftClient.ConnectAsync(cluster.SchedulerFile, cancellationToken: Ended);
        using var notes = new TemporaryFolder();
        var blocks = Workload.StartBlocks(client, notes.Path, Results);

        await client.ReplicateAsync(blocks, copies: 2, Ended);
        Assert.All(await HoldersAsync(cluster, count: 2, Results * BlockBytes), static _ => { });

        cluster.KillScheduler();
        await cluster.StartSchedulerAsync();
        var holders = await HoldersAsync(cluster, count: 2, Results * BlockBytes);
        Kill(holders[0]);
        Assert.Equal(Workload.SumOfBlocks(Results), await client.Submit(Workload.AddBlocks, blocks));
        Assert.All(Workload.NotedRuns(notes.Path).Values, static runs => Assert.Equal(1, runs));
        output.WriteLine(cluster.Log);
    }

    [Fact]
    public async Task Rebalanced_results_are_spread_over_workers_that_came_later_and_stay_there_over_a_restart_of_the_scheduler()
    {
        await using var cluster = await RestartableCluster.StartAsync(workers: 1);
        await using var client = await WeftClient.ConnectAsync(cluster.SchedulerFile, cancellationToken: Ended);
        using var notes = new TemporaryFolder();
        var blocks = Workload.StartBlocks(client, notes.Path, Results);
        await Workload.AreFinishedAsync(blocks);
        cluster.StartWorkers(2);
        await cluster.HasWorkersAsync(3);

        await client.RebalanceAsync(Ended);
        await HoldersAsync(cluster, count: 3, Results / 3 * BlockBytes);
        cluster.KillScheduler();
        await cluster.StartSchedulerAsync();
        await HoldersAsync(cluster, count: 3, Results / 3 * BlockBytes);
        Assert.Equal(Workload.SumOfBlocks(Results), await client.Submit(Workload.AddBlocks, blocks));
        Assert.All(Workload.NotedRuns(notes.Path).Values, static runs => Assert.Equal(1, runs));
    }

    private static long Sum(int[] values) => values.Sum(static value => (long)value);

    private static void Kill(int process)
    {
        using var victim = Process.GetProcessById(process);
        victim.Kill();
    }

    /// <summary>Process ids of workers that hold at least so much, once there are as many as that.</summary>
    private static async Task<List<int>> HoldersAsync(RestartableCluster cluster, int count, long leastBytes = BlockBytes)
    {
        List<int> holders = [];
        await RealProcesses.Until($"{count} workers hold {leastBytes} bytes\n{cluster.Log}", async () => (holders = await HoldersOfNowAsync(cluster, leastBytes)).Count == count);
        return holders;
    }

    private static async Task<List<int>> HoldersOfNowAsync(RestartableCluster cluster, long leastBytes = BlockBytes) =>
        (await cluster.InfoAsync())?.Workers.Where(worker => worker.StoreBytes >= (ulong)leastBytes).Select(static worker => (int)worker.ProcessId).ToList() ?? [];
}
