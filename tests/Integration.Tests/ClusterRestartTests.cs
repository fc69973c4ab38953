using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Weft.Integration.Tests;

/// <summary>A client restarts a cluster of real processes.</summary>
public sealed class ClusterRestartTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(40);

    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Cluster_restart_returns_within_its_timeout_despite_a_100_s_task_running_old_references_being_dropped_later_never_touch_new_tasks_with_the_same_key()
    {
        await using var cluster = await RestartableCluster.StartAsync(workers: 2);
        await using var client = await WeftClient.ConnectAsync(cluster.SchedulerFile, cancellationToken: Ended);
        using var notes = new TemporaryFolder();
        var folder = notes.Path;
        var before = await ProcessIdsAsync(cluster);
        var done = client.Submit(Square, 3, new TaskOptions { Key = "done" });
        await client.WhenAll([done], Ended);
        var deaf = client.Submit(RunDeaf, folder, 100, new TaskOptions { Key = "deaf" });
        var gated = client.Submit(WaitFor, folder, "gate", new TaskOptions { Key = "gated" });
        SubmitAndForget(client);
        await RealProcesses.Until("both tasks run", () => Task.FromResult(File.Exists(Path.Combine(folder, "deaf")) && File.Exists(Path.Combine(folder, "gate.runs"))));

        var began = Stopwatch.GetTimestamp();
        await client.RestartAsync(Timeout, Ended);

        output.WriteLine($"{Stopwatch.GetElapsedTime(began).TotalMilliseconds:0} ms\n{cluster.Log}");
        Assert.True(Stopwatch.GetElapsedTime(began) < Timeout);
        Assert.All(new Future[] { deaf, gated, done }, static future => Assert.Equal(FutureStatus.Cancelled, future.Status));
        await Assert.ThrowsAsync<FutureCancelledException>(async () => await deaf);
        Assert.Empty(before.Intersect(await ProcessIdsAsync(cluster)));
        Assert.DoesNotContain(before, RealProcesses.IsAlive);
        Assert.Equal(2, cluster.Log.Split('\n').Count(static line => line.Contains("ended with exit code 75: starting another", StringComparison.Ordinal)));

        // The same keys mean new tasks, of which one runs while the old references are dropped, by hand and by the garbage collector.
        var again = client.Submit(WaitFor, folder, "gate", new TaskOptions { Key = "gated" });
        var value = client.Submit(Square, 3, new TaskOptions { Key = "done" });
        Assert.Equal(9, await value);
        var forgotten = client.Submit(Square, 4, new TaskOptions { Key = "dropped by the collector" });
        await client.WhenAll([forgotten], Ended);
        Array.ForEach(new Future[] { deaf, gated, done }, static future => future.Dispose());
        GC.Collect();
        GC.WaitForPendingFinalizers();

        // What follows on the same stream comes after what was let go of.
        Assert.Equal(25, await client.Submit(Square, 5));
        Assert.Equal(FutureStatus.Pending, again.Status);
        var joined = client.Submit(WaitFor, folder, "gate", new TaskOptions { Key = "gated" });
        File.WriteAllText(Path.Combine(folder, "gate"), "");
        Assert.Equal("gate", await again);
        Assert.Equal("gate", await joined);
        Assert.Equal(2, File.ReadLines(Path.Combine(folder, "gate.runs")).Count());
        Assert.Equal(81, await client.Submit(Square, value));
        Assert.Equal(16, await forgotten);
    }

    [Fact]
    public async Task A_scheduler_that_is_killed_after_a_restart_does_not_bring_tasks_names_or_workers_of_before_back()
    {
        await using var cluster = await RestartableCluster.StartAsync(workers: 2);
        await using var client = await WeftClient.ConnectAsync(cluster.SchedulerFile, cancellationToken: Ended);
        using var notes = new TemporaryFolder();
        var folder = notes.Path;
        var gated = client.Submit(WaitFor, folder, "gate");
        var published = client.Submit(Square, 3);
        await client.PublishAsync("nine", published, cancellationToken: Ended);
        await client.RestartAsync(Timeout, Ended);
        var kept = client.Submit(Square, 6);
        await client.WhenAll([kept], Ended);

        cluster.KillScheduler();
        await cluster.StartSchedulerAsync();

        Assert.Equal(36, await kept.AsTask().WaitAsync(RealProcesses.Patience, Ended));
        Assert.Equal(49, await client.Submit(Square, 7).AsTask().WaitAsync(RealProcesses.Patience, Ended));
        Assert.Equal(FutureStatus.Cancelled, gated.Status);
        Assert.Empty(await client.ListPublishedAsync(Ended));
        var tasks = (await cluster.InfoAsync())!.Tasks;
        output.WriteLine($"{string.Join(", ", tasks)}\n{cluster.Log}");
        Assert.Equal(0UL, tasks["waiting"] + tasks["ready"] + tasks["assigned"] + tasks["running"]);
        GC.KeepAlive(published);
    }

    [Fact]
    public async Task Workers_that_do_not_come_back_in_time_are_counted_and_those_that_come_later_are_new()
    {
        await using var cluster = new RestartableCluster();
        await cluster.StartSchedulerAsync();
        var supervisor = cluster.StartWorkers(2);
        await cluster.HasWorkersAsync(2);
        await using var client = await WeftClient.ConnectAsync(cluster.SchedulerFile, cancellationToken: Ended);
        RealProcesses.Signal(supervisor.Id, RealProcesses.Sigstop);

        var late = await Assert.ThrowsAsync<TimeoutException>(() => client.RestartAsync(TimeSpan.FromSeconds(2), Ended));

        Assert.Contains("of 2 workers 0 have come back within 2 s", late.Message, StringComparison.Ordinal);
        RealProcesses.Signal(supervisor.Id, RealProcesses.Sigcont);
        Assert.Equal(4, await client.Submit(Square, 2).AsTask().WaitAsync(RealProcesses.Patience, Ended));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void SubmitAndForget(WeftClient client) => _ = client.Submit(Square, 4, new TaskOptions { Key = "dropped by the collector" });

    private static async Task<int[]> ProcessIdsAsync(RestartableCluster cluster) => [.. (await cluster.InfoAsync())!.Workers.Select(static worker => (int)worker.ProcessId)];

    private static int Square(int x) => x * x;

    private static int RunDeaf(string folder, int seconds)
    {
        File.WriteAllText(Path.Combine(folder, "deaf"), "");
        var began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began).TotalSeconds < seconds)
        {
            Thread.SpinWait(1000);
        }

        return seconds;
    }

    private static string WaitFor(string folder, string name)
    {
        File.AppendAllText(Path.Combine(folder, $"{name}.runs"), "begun\n");
        while (!File.Exists(Path.Combine(folder, name)))
        {
            Thread.Sleep(5);
        }

        return name;
    }
}
