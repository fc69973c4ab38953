using System.Collections.Concurrent;
using Weft.Launcher;
using Weft.Launcher.Tests.Preemption;

namespace Weft.Integration.Tests;

/// <summary>Real worker processes that hang, are stopped, or are ended from within, under their real supervisor.</summary>
public sealed class SupervisionTests(ITestOutputHelper output)
{
    private readonly ConcurrentQueue<string> _lines = [];

    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    /// <summary>Behaviours 6 and 7: of the two workers one does nothing any more, and it alone is replaced.</summary>
    [Fact]
    public async Task A_worker_whose_control_loop_is_blocked_for_ever_can_still_be_force_restarted_individually()
    {
        await using var cluster = await StartAsync("--worker-lease", "1s");
        await using var client = await WeftClient.ConnectAsync(cluster.SchedulerFile, cancellationToken: Ended);
        var before = await ProcessIdsAsync(cluster);

        RealProcesses.Signal(before[0], RealProcesses.Sigstop);

        await RealProcesses.AreGone(before[0]);
        var after = await ReplacedAsync(cluster, before[0]);
        Assert.Equal(before[1], after[1]);
        Assert.Single(_lines, line => line.Contains($"(pid {before[0]}): its control loop has stood still", StringComparison.Ordinal));
        await Workload.RunQuickstartAsync(client);
    }

    /// <summary>Most of behaviour 40.</summary>
    [Fact]
    public async Task A_leaking_task_gets_its_process_killed_at_the_terminate_threshold_and_the_worker_is_back()
    {
        await using var cluster = await StartAsync("--memory-limit", "400MiB");
        await using var client = await WeftClient.ConnectAsync(cluster.SchedulerFile, cancellationToken: Ended);
        var before = await ProcessIdsAsync(cluster);

        var leak = client.Submit(
            static () =>
            {
                var kept = new List<byte[]>();
                while (kept.Count < 1000)
                {
                    kept.Add(new byte[1 << 20]);
                    Array.Fill(kept[^1], (byte)1);
                    Thread.Sleep(2);
                }

                return kept.Count;
            },
            new TaskOptions { Idempotent = false });
        await Assert.ThrowsAnyAsync<Exception>(async () => await leak);

        var killed = Assert.Single(_lines, static line => line.Contains("of memory, and its limit is 400 MiB: ending it.", StringComparison.Ordinal));
        Assert.Contains(before, id => killed.Contains($"(pid {id})", StringComparison.Ordinal));
        await RealProcesses.Until("the worker is back", async () => (await ProcessIdsAsync(cluster)).Except(before).Any());
    }

    [Fact]
    public async Task A_worker_whose_tasks_keep_all_slots_busy_is_not_hung()
    {
        await using var cluster = await StartAsync("--worker-lease", "1s");
        await using var client = await WeftClient.ConnectAsync(cluster.SchedulerFile, cancellationToken: Ended);
        var before = await ProcessIdsAsync(cluster);

        var ids = await client.GatherAsync(client.Map(
            static milliseconds =>
            {
                var until = Environment.TickCount64 + milliseconds;
                while (Environment.TickCount64 < until)
                {
                }

                return Environment.ProcessId;
            },
            new[] { 2500, 2500 }));

        Assert.Subset(before.ToHashSet(), ids.ToHashSet());
        Assert.Equal(before, await ProcessIdsAsync(cluster));
    }

    [Fact]
    public async Task A_worker_that_a_task_ends_with_exit_code_zero_is_replaced()
    {
        await using var cluster = await StartAsync();
        await using var client = await WeftClient.ConnectAsync(cluster.SchedulerFile, cancellationToken: Ended);
        var before = await ProcessIdsAsync(cluster);

        var fatal = client.Submit(static () => Environment.Exit(0), new TaskOptions { Idempotent = false });
        await Assert.ThrowsAnyAsync<Exception>(async () => await fatal);

        await RealProcesses.Until("another worker is there", async () => (await ProcessIdsAsync(cluster)).Except(before).Any());
    }

    [Fact]
    public async Task A_killed_workers_folder_is_removed_and_at_the_end_all_of_them()
    {
        var local = Directory.CreateTempSubdirectory("weft-disk-");
        try
        {
            await using var cluster = await StartAsync("--local-directory", local.FullName);
            var own = Assert.Single(local.EnumerateDirectories("weft-worker-*"));
            Assert.Equal(2, own.GetDirectories().Length);
            var before = await ProcessIdsAsync(cluster);
            var folders = own.GetDirectories().Select(static folder => folder.Name).Order(StringComparer.Ordinal).ToArray();
            File.WriteAllText(Path.Combine(own.FullName, folders[0], "spill"), "spilled");

            RealProcesses.Kill(before[0]);

            await ReplacedAsync(cluster, before[0]);
            await RealProcesses.Until("the dead one's folder is gone", () => Task.FromResult(!Directory.Exists(Path.Combine(own.FullName, folders[0]))));
            Assert.Equal(2, own.GetDirectories().Length);
            await cluster.StopAsync(RealProcesses.Patience);
            Assert.Empty(local.EnumerateDirectories("weft-worker-*"));
        }
        finally
        {
            local.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task At_the_end_of_their_lifetime_workers_leave_and_their_supervisor_ends_with_zero()
    {
        await using var cluster = await StartAsync("--lifetime", "4s", "--lifetime-stagger", "500ms");
        var workers = await ProcessIdsAsync(cluster);

        await RealProcesses.AreGone([.. workers, cluster.SupervisorProcessId]);

        Assert.Equal(2, _lines.Count(static line => line.Contains("asking it to leave", StringComparison.Ordinal)));
        Assert.DoesNotContain(_lines, static line => line.Contains("starting another", StringComparison.Ordinal));
        Assert.Empty((await cluster.InfoAsync(Ended)).Info!.Workers);
        Assert.Equal((ExitCodes.Ok, ExitCodes.Ok), await cluster.StopAsync(RealProcesses.Patience));
    }

    [Fact]
    public async Task A_spot_notice_lets_all_workers_leave_and_their_supervisor_ends_with_zero()
    {
        await using var metadata = await FakeInstanceMetadata.StartAsync();
        await using var cluster = await StartAsync("--preemption-source", metadata.Endpoint.ToString());
        var workers = await ProcessIdsAsync(cluster);

        metadata.Say(
            "/latest/meta-data/spot/instance-action",
            $$"""{"action": "terminate", "time": "{{DateTime.UtcNow.AddSeconds(100):yyyy-MM-ddTHH:mm:ssZ}}"}""");

        await RealProcesses.AreGone([.. workers, cluster.SupervisorProcessId]);
        Assert.Single(_lines, static line => line.Contains("spot notice: terminate", StringComparison.Ordinal));
        Assert.Empty((await cluster.InfoAsync(Ended)).Info!.Workers);
        Assert.Equal((ExitCodes.Ok, ExitCodes.Ok), await cluster.StopAsync(RealProcesses.Patience));
    }

    [Fact]
    public async Task Grid_engines_notice_of_a_stop_is_harmless_and_that_of_a_kill_begins_to_leave()
    {
        await using var cluster = await StartAsync();
        await using var client = await WeftClient.ConnectAsync(cluster.SchedulerFile, cancellationToken: Ended);
        var workers = await ProcessIdsAsync(cluster);
        int[] all = [cluster.SupervisorProcessId, .. workers];

        Array.ForEach(all, static id => RealProcesses.Signal(id, RealProcesses.Sigusr1));
        await Workload.RunQuickstartAsync(client);
        Assert.Equal(workers, await ProcessIdsAsync(cluster));

        Array.ForEach(all, static id => RealProcesses.Signal(id, RealProcesses.Sigusr2));
        await RealProcesses.AreGone(all);
        Assert.Equal((ExitCodes.Ok, ExitCodes.Ok), await cluster.StopAsync(RealProcesses.Patience));
    }

    private Task<ProcessCluster> StartAsync(params string[] workerArguments) => ProcessCluster.StartAsync(
        new ProcessClusterOptions
        {
            Workers = 2,
            WorkerArguments = workerArguments,
            Log = line =>
            {
                _lines.Enqueue(line);
                output.WriteLine(line);
            },
        },
        Ended);

    /// <summary>The processes of both workers, by the workers' names.</summary>
    private static async Task<int[]> ProcessIdsAsync(ProcessCluster cluster)
    {
        var info = await cluster.WaitForWorkersAsync(2, Ended);
        return [.. info.Workers.OrderBy(static worker => worker.Name, StringComparer.Ordinal).Select(static worker => (int)worker.ProcessId)];
    }

    private static async Task<int[]> ReplacedAsync(ProcessCluster cluster, int dead)
    {
        int[] ids = [];
        await RealProcesses.Until("another worker is there", async () => !(ids = await ProcessIdsAsync(cluster)).Contains(dead));
        return ids;
    }
}
