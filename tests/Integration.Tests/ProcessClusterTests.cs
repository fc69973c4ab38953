using Weft.Launcher;
using Weft.Protocol;

namespace Weft.Integration.Tests;

/// <summary>A scheduler process and worker processes that have never seen this assembly, over TCP with TLS as by default.</summary>
public sealed class ProcessClusterTests(ITestOutputHelper output)
{
    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_program_runs_on_processes_that_have_never_seen_its_code()
    {
        await using var cluster = await StartAsync(workers: 2);
        await using var client = await WeftClient.ConnectAsync(cluster.SchedulerFile, cancellationToken: Ended);

        Assert.True(SchedulerFileReader.Read(cluster.SchedulerFile).File!.Address.IsTls);
        await Workload.RunQuickstartAsync(client);
    }

    [Fact]
    public async Task A_worker_that_is_killed_amid_two_thousand_tasks_costs_no_result_and_is_replaced()
    {
        await using var cluster = await StartAsync(workers: 2);
        await using var client = await WeftClient.ConnectAsync(cluster.SchedulerFile, cancellationToken: Ended);
        var victim = await FirstWorkerAsync(cluster);
        var run = Workload.StartLongRun(client);

        await CompletedAsync(cluster, atLeast: 200);
        RealProcesses.Kill(victim);

        await Workload.CheckLongRunAsync(client, run);
        Assert.NotEqual(victim, await FirstWorkerAsync(cluster, other: victim));
    }

    /// <summary>The scheduler sends 20 ms of measured work ahead to each slot. What a killed worker had begun of that is what runs again, and no more.</summary>
    [Fact]
    public async Task A_killed_worker_costs_no_more_runs_than_the_twenty_milliseconds_of_work_that_it_was_sent_ahead()
    {
        // 20 ms of tasks of 3 ms, the one on the slot, one whose report was being written, and one by which the measured mean may be late.
        const int SentAheadMax = (20 / Workload.NotedTaskMs) + 1 + 1 + 1;
        await using var cluster = await StartAsync(workers: 2);
        await using var client = await WeftClient.ConnectAsync(cluster.SchedulerFile, cancellationToken: Ended);
        using var notes = new TemporaryFolder();
        var victim = await FirstWorkerAsync(cluster);
        var total = client.Submit(Workload.Sum, Workload.StartNotedRun(client, notes.Path));

        await CompletedAsync(cluster, atLeast: 200);
        var sentAhead = await cluster.InfoAsync(Ended);
        RealProcesses.Kill(victim);

        Assert.Equal(Workload.LongRunTasks * (Workload.LongRunTasks - 1) / 2, await total);
        var runs = Workload.NotedRuns(notes.Path);
        Assert.Equal(Enumerable.Range(0, Workload.LongRunTasks), runs.Keys.Order());
        Assert.InRange(runs.Values.Sum(static count => count - 1), 0, SentAheadMax);
        Assert.All(sentAhead.Info!.Workers, static worker => Assert.InRange((int)worker.Assigned, 0, SentAheadMax));
    }

    [Fact]
    public async Task A_worker_that_joins_later_runs_the_clients_setups_before_its_tasks()
    {
        await using var cluster = await StartAsync(workers: 2);
        await cluster.WaitForWorkersAsync(2, Ended);
        await using var client = await WeftClient.ConnectAsync(cluster.SchedulerFile, cancellationToken: Ended);
        var greeting = "prepared";
        await client.RegisterWorkerSetupAsync(() => Workload.Prepared = greeting, Ended);
        Assert.All(await client.RunOnWorkersAsync(static () => Workload.Prepared, Ended), static each => Assert.Equal("prepared", each.Value));
        var victim = await FirstWorkerAsync(cluster);

        RealProcesses.Kill(victim);
        await FirstWorkerAsync(cluster, other: victim);

        var seen = await client.RunOnWorkersAsync(static () => (Environment.ProcessId, Workload.Prepared), Ended);
        Assert.Equal(2, seen.Count);
        Assert.All(seen.Values, static each => Assert.Equal("prepared", each.Prepared));
        Assert.DoesNotContain(victim, seen.Values.Select(static each => each.ProcessId));
        Assert.Null(Workload.Prepared);
    }

    /// <summary>Behaviour 1.</summary>
    [Fact]
    public async Task A_tree_reduction_finishes_with_the_exact_right_answer_although_one_worker_process_is_hard_exited_twice_mid_run_and_restarted_by_its_supervisor()
    {
        await using var cluster = await StartAsync(workers: 2);
        await using var client = await WeftClient.ConnectAsync(cluster.SchedulerFile, cancellationToken: Ended);
        var first = await FirstWorkerAsync(cluster);
        const int Leaves = 600;
        var total = Workload.StartTree(client, Leaves);

        await CompletedAsync(cluster, atLeast: 100);
        RealProcesses.Kill(first);
        var second = await FirstWorkerAsync(cluster, other: first);
        await CompletedAsync(cluster, atLeast: 300);
        RealProcesses.Kill(second);

        Assert.Equal(Leaves * (Leaves - 1L) / 2, await total);
    }

    [Fact]
    public async Task Workers_that_found_yesterdays_file_join_todays_scheduler()
    {
        var folder = Directory.CreateTempSubdirectory("weft-stale-");
        try
        {
            // A scheduler that is gone: its file says where nobody listens.
            var path = Path.Combine(folder.FullName, "scheduler.json");
            SchedulerFileWriter.Write(path, new SchedulerFile(
                SchedulerFile.NewId(), new ClusterAddress(false, "127.0.0.1", 1), null, DateTimeOffset.UnixEpoch, "yesterday", "", 41));

            await using var cluster = await StartAsync(workers: 1, path);
            await using var client = await WeftClient.ConnectAsync(path, cancellationToken: Ended);

            await Workload.RunQuickstartAsync(client);
            Assert.Equal(42u, SchedulerFileReader.Read(path).File!.Epoch);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Processes_that_are_asked_to_end_leave_nothing_behind()
    {
        await using var cluster = await StartAsync(workers: 2);
        var workers = (await cluster.WaitForWorkersAsync(2, Ended)).Workers.Select(static worker => (int)worker.ProcessId).ToArray();

        Assert.Equal((ExitCodes.Ok, ExitCodes.Ok), await cluster.StopAsync(RealProcesses.Patience));

        await RealProcesses.AreGone(workers);
        Assert.False(File.Exists(cluster.SchedulerFile));
    }

    [Fact]
    public async Task Worker_processes_die_with_their_supervisor_however_it_dies()
    {
        await using var cluster = await StartAsync(workers: 2);
        var workers = (await cluster.WaitForWorkersAsync(2, Ended)).Workers.Select(static worker => (int)worker.ProcessId).ToArray();

        RealProcesses.Kill(cluster.SupervisorProcessId);

        await RealProcesses.AreGone(workers);
    }

    [Fact]
    public async Task A_cluster_that_does_not_start_says_what_its_processes_wrote()
    {
        var failure = await Assert.ThrowsAsync<LaunchException>(() => ProcessCluster.StartAsync(
            new ProcessClusterOptions { Workers = 1, WorkerArguments = ["--memory-limit", "a lot"] }, Ended));

        Assert.Contains("the workers' supervisor (process ", failure.Message);
        Assert.Contains("ended with exit code 2.", failure.Message);
        Assert.Contains("\n  weft: --memory-limit: 'a lot' ", failure.Message);
    }

    private Task<ProcessCluster> StartAsync(int workers, string? schedulerFile = null) => ProcessCluster.StartAsync(
        new ProcessClusterOptions { Workers = workers, SchedulerFile = schedulerFile, Log = output.WriteLine },
        Ended);

    /// <summary>The process of the first worker by name, once it is there and is not another one.</summary>
    private static async Task<int> FirstWorkerAsync(ProcessCluster cluster, int other = 0)
    {
        var found = 0;
        await RealProcesses.Until("both workers are there", async () =>
        {
            var info = await cluster.WaitForWorkersAsync(2, Ended);
            found = (int)info.Workers.MinBy(static worker => worker.Name, StringComparer.Ordinal)!.ProcessId;
            return found != other && info.Workers.All(worker => worker.ProcessId != other);
        });
        return found;
    }

    private static Task CompletedAsync(ProcessCluster cluster, ulong atLeast) => RealProcesses.Until(
        $"{atLeast} tasks are done",
        async () => (await cluster.InfoAsync(Ended)).Info?.Completed >= atLeast);
}
