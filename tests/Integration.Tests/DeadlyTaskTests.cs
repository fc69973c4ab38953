using Weft.Launcher;

namespace Weft.Integration.Tests;

/// <summary>Tasks that take their worker with them.</summary>
public sealed class DeadlyTaskTests(ITestOutputHelper output)
{
    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_task_that_crashes_its_worker_is_abandoned_after_allowed_failures_plus_1_deaths_with_an_error_naming_task_last_worker_attempts_other_tasks_unaffected_graceful_retirement_never_counts()
    {
        await using var cluster = await RestartableCluster.StartAsync(workers: 2);
        await using var client = await WeftClient.ConnectAsync(cluster.SchedulerFile, cancellationToken: Ended);
        using var notes = new TemporaryFolder();
        var folder = notes.Path;

        // A worker that is drained under it is no death of its.
        var deadly = client.Submit(() => Die(folder));
        var others = client.Map(Workload.BlockOf(folder, taskMs: 10), Enumerable.Range(0, 200));
        var killed = await Assert.ThrowsAsync<KilledWorkerException>(async () => await deadly);

        output.WriteLine($"{killed.Message}\n{cluster.Log}");
        Assert.Equal(4, File.ReadLines(Path.Combine(folder, "deaths")).Count());
        Assert.Contains("was running on 4 workers when they died, in as many attempts; the last was 'w0-", killed.Message, StringComparison.Ordinal);
        Assert.Contains($"The task {killed.Task} ", killed.Message, StringComparison.Ordinal);
        Assert.Equal(Workload.SumOfBlocks(200), await client.Submit(Workload.AddBlocks, others));
    }

    [Fact]
    public async Task A_leaking_task_gets_its_process_killed_at_the_terminate_threshold_disk_cleaned_worker_back_task_eventually_failed()
    {
        using var local = new TemporaryFolder();
        await using var cluster = await RestartableCluster.StartAsync(workers: 1, "--memory-limit", "300MiB", "--local-directory", local.Path);
        await using var client = await WeftClient.ConnectAsync(cluster.SchedulerFile, cancellationToken: Ended);
        var before = Folders(local);

        var leaking = client.Submit(Leak);
        var outOfMemory = await Assert.ThrowsAsync<TaskOutOfMemoryException>(async () => await leaking);

        output.WriteLine($"{outOfMemory.Message}\n{cluster.Log}");
        Assert.Contains("(out of memory: ", outOfMemory.Message, StringComparison.Ordinal);
        await cluster.HasWorkersAsync(1);
        await Workload.RunQuickstartAsync(client);
        Assert.Equal(before.Length, Folders(local).Length);
        Assert.Empty(before.Intersect(Folders(local)));
    }

    private static string[] Folders(TemporaryFolder local) =>
        [.. Directory.EnumerateDirectories(local.Path, "weft-worker-*").SelectMany(Directory.EnumerateDirectories).Order(StringComparer.Ordinal)];

    private static int Die(string folder)
    {
        File.AppendAllText(Path.Combine(folder, "deaths"), $"{Environment.ProcessId}\n");
        Environment.FailFast("as it was meant to");
        return 0;
    }

    private static int Leak()
    {
        var kept = new List<byte[]>();
        while (true)
        {
            kept.Add(new byte[1 << 20]);
            Array.Fill(kept[^1], (byte)1);
            Thread.Sleep(1);
        }
    }
}
