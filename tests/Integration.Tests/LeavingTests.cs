using System.Diagnostics;
using Weft.Launcher.Tests.Preemption;

namespace Weft.Integration.Tests;

/// <summary>Workers that leave, with data that nobody else has.</summary>
public sealed class LeavingTests(ITestOutputHelper output)
{
    private const int Results = 20;

    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_drained_worker_hands_over_what_only_it_holds_and_nothing_runs_again()
    {
        await using var cluster = await RestartableCluster.StartAsync(workers: 2);
        await using var client = await WeftClient.ConnectAsync(cluster.SchedulerFile, cancellationToken: Ended);
        using var notes = new TemporaryFolder();
        var blocks = Workload.StartBlocks(client, notes.Path, Results);
        await Workload.AreFinishedAsync(blocks);
        var victim = await HolderAsync(cluster);

        var drain = await DrainAsync("drain", victim, "--scheduler-file", cluster.SchedulerFile);

        Assert.Equal((0, $"{victim} has left\n"), (drain.ExitCode, drain.Output));
        await cluster.HasWorkersAsync(1);
        Assert.Equal(Workload.SumOfBlocks(Results), await client.Submit(Workload.AddBlocks, blocks));
        Assert.All(Workload.NotedRuns(notes.Path).Values, static runs => Assert.Equal(1, runs));
        output.WriteLine(cluster.Log);
    }

    [Fact]
    public async Task The_only_worker_is_not_let_go_with_data_that_only_it_holds_and_works_on()
    {
        await using var cluster = await RestartableCluster.StartAsync(workers: 1);
        await using var client = await WeftClient.ConnectAsync(cluster.SchedulerFile, cancellationToken: Ended);
        using var notes = new TemporaryFolder();
        var blocks = Workload.StartBlocks(client, notes.Path, Results);
        await Workload.AreFinishedAsync(blocks);

        var drain = await DrainAsync("drain", await HolderAsync(cluster), "--scheduler-file", cluster.SchedulerFile);

        Assert.Equal(1, drain.ExitCode);
        Assert.Contains("there is no other worker with room", drain.Output, StringComparison.Ordinal);
        Assert.Equal(Workload.SumOfBlocks(Results), await client.Submit(Workload.AddBlocks, blocks));
        Assert.All(Workload.NotedRuns(notes.Path).Values, static runs => Assert.Equal(1, runs));
    }

    [Fact]
    public async Task A_spot_notice_during_a_run_has_the_worker_gone_within_ten_seconds_with_its_results_on_others_and_no_retry_charged()
    {
        await using var metadata = await FakeInstanceMetadata.StartAsync();
        await using var cluster = await RestartableCluster.StartAsync(workers: 1, "--preemption-source", metadata.Endpoint.ToString());
        cluster.StartWorkers(1, "--preemption-source", "off");
        await cluster.HasWorkersAsync(2);
        await using var client = await WeftClient.ConnectAsync(cluster.SchedulerFile, cancellationToken: Ended);
        using var notes = new TemporaryFolder();

        // What may not run again at all: were a retry charged to it, or its result lost, it would fail.
        var blocks = client.Map(Workload.BlockOf(notes.Path, taskMs: 20), Enumerable.Range(0, 200), new TaskOptions { Idempotent = false });
        await cluster.HasCompletedAsync(50);
        var noticed = Stopwatch.GetTimestamp();
        Notice(metadata, TimeSpan.FromSeconds(100));

        await cluster.HasWorkersAsync(1);
        Assert.InRange(Stopwatch.GetElapsedTime(noticed).TotalSeconds, 0, 10);
        Assert.Equal(Workload.SumOfBlocks(200), await client.Submit(Workload.AddBlocks, blocks));
        Assert.Equal(200, Workload.NotedRuns(notes.Path).Count);
        Assert.All(Workload.NotedRuns(notes.Path).Values, static runs => Assert.Equal(1, runs));
    }

    [Fact]
    public async Task Without_any_other_worker_one_with_a_spot_notice_says_so_and_stays_until_its_time_is_up()
    {
        await using var metadata = await FakeInstanceMetadata.StartAsync();
        await using var cluster = await RestartableCluster.StartAsync(workers: 1, "--preemption-source", metadata.Endpoint.ToString());
        await using var client = await WeftClient.ConnectAsync(cluster.SchedulerFile, cancellationToken: Ended);
        using var notes = new TemporaryFolder();
        using var blocks = Workload.StartBlocks(client, notes.Path, Results);
        await Workload.AreFinishedAsync(blocks);
        var noticed = Stopwatch.GetTimestamp();
        Notice(metadata, TimeSpan.FromSeconds(22));

        await RealProcesses.Until("the scheduler says so", () => Task.FromResult(cluster.Log.Contains("there is no other worker with room for them: it stays until its time is up", StringComparison.Ordinal)));
        await cluster.HasWorkersAsync(0);
        Assert.InRange(Stopwatch.GetElapsedTime(noticed).TotalSeconds, 8, 22);
    }

    private static void Notice(FakeInstanceMetadata metadata, TimeSpan left) => metadata.Say(
        "/latest/meta-data/spot/instance-action",
        $$"""{"action": "terminate", "time": "{{DateTime.UtcNow + left:yyyy-MM-ddTHH:mm:ssZ}}"}""");

    private static Task<ProgramRun> DrainAsync(params string[] arguments) => ProgramRun.OfAsync(Path.Combine(RealProcesses.ProgramFolder, "weft"), arguments);

    private static async Task<string> HolderAsync(RestartableCluster cluster)
    {
        string? name = null;
        await RealProcesses.Until("a worker holds results", async () =>
            (name = (await cluster.InfoAsync())?.Workers.OrderByDescending(static worker => worker.StoreBytes).FirstOrDefault(static worker => worker.StoreBytes > 0)?.Name) is not null);
        return name!;
    }
}
