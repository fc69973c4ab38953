namespace Weft.Integration.Tests;

/// <summary>Worker processes whose memory is near its limit.</summary>
public sealed class PausingTests(ITestOutputHelper output)
{
    private const int BlockBytes = 1 << 20;

    /// <summary>Of 1 MiB each: more than makes a worker pause, less than would end it, however late it looks.</summary>
    private const int Blocks = 700;

    private static readonly string[] Options = ["--memory-limit", "1GiB", "--memory-pause", "0.3"];

    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    /// <summary>Behaviour 32.</summary>
    [Fact]
    public async Task Paused_workers_neither_receive_nor_steal_unpausing_resumes()
    {
        await using var cluster = await RestartableCluster.StartAsync(2, Options);
        await using var client = await WeftClient.ConnectAsync(cluster.SchedulerFile, cancellationToken: Ended);
        using var notes = new TemporaryFolder();
        var onlyThere = new TaskOptions { AllowedWorkers = ["w0-0"] };

        var blocks = client.Map(Block, Enumerable.Range(0, Blocks), onlyThere);
        await IsPausedAsync(client, "w0-0");
        var before = await client.GetInfoAsync(Ended);
        var anywhere = Workload.StartTimedRun(client, notes.Path, tasks: 200, taskMs: 2);
        var there = client.Submit(static () => Environment.ProcessId, onlyThere);
        await client.GatherAsync(anywhere);
        var after = await client.GetInfoAsync(Ended);
        var status = await ProgramRun.OfAsync(Path.Combine(RealProcesses.ProgramFolder, "weft"), "status", "--scheduler-file", cluster.SchedulerFile);
        output.WriteLine($"{status.Output}\n{cluster.Log}");

        Assert.Equal([$"{ProcessIdOf(before, "w0-1")}"], Directory.EnumerateFiles(notes.Path).Select(Path.GetFileName));
        Assert.Equal(before.Completed + 200, after.Completed);
        Assert.InRange(before.Completed, 10, Blocks - 1);

        // One more than its slots is what a worker has of tasks with large results, and these may run nowhere else; nothing came after the pause.
        Assert.InRange(AssignedTo(before, "w0-0"), 0, 2);
        Assert.InRange(AssignedTo(after, "w0-0"), 0, AssignedTo(before, "w0-0"));
        Assert.Contains("workers    2, 1 paused for their memory", status.Output, StringComparison.Ordinal);
        Assert.Contains("weft worker: worker 'w0-0': it holds ", cluster.Log, StringComparison.Ordinal);

        blocks.Dispose();
        var pid = await there;
        output.WriteLine(cluster.Log);
        Assert.Equal(ProcessIdOf(before, "w0-0"), pid);
        Assert.DoesNotContain((await client.GetInfoAsync(Ended)).Workers, static worker => worker.IsPaused);
    }

    [Fact]
    public async Task A_run_whose_results_do_not_fit_goes_on_as_they_are_released()
    {
        await using var cluster = await RestartableCluster.StartAsync(1, Options);
        await using var client = await WeftClient.ConnectAsync(cluster.SchedulerFile, cancellationToken: Ended);
        var blocks = client.Map(Block, Enumerable.Range(0, Blocks));
        await IsPausedAsync(client, "w0");

        for (var i = 0; i < Blocks; i++)
        {
            Assert.Equal((byte)i, (await blocks[i])[^1]);
            blocks[i].Dispose();
        }

        output.WriteLine(cluster.Log);
        Assert.Contains("all of the 1 workers are paused for their memory", cluster.Log, StringComparison.Ordinal);
        Assert.Contains(" MiB of memory: it goes on.", cluster.Log, StringComparison.Ordinal);
    }

    private static Task IsPausedAsync(WeftClient client, string name) => RealProcesses.Until(
        $"{name} is paused and runs nothing",
        async () => (await client.GetInfoAsync(Ended)).Workers.SingleOrDefault(worker => worker.Name == name) is { IsPaused: true, Running: 0 });

    private static int AssignedTo(ClusterInfo info, string name) => info.Workers.Single(worker => worker.Name == name).Assigned;

    private static int ProcessIdOf(ClusterInfo info, string name) => info.Workers.Single(worker => worker.Name == name).ProcessId;

    private static byte[] Block(int index)
    {
        Thread.Sleep(10);
        var block = new byte[BlockBytes];
        Array.Fill(block, (byte)index);
        return block;
    }
}
