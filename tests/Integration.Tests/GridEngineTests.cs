using System.Diagnostics;
using System.Text.Json;
using Weft.Protocol;

namespace Weft.Integration.Tests;

/// <summary>A cluster as a user of a queue starts it: two lines of qsub and a file.</summary>
[Trait("Category", "System")]
public sealed class GridEngineTests
{
    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_cluster_in_a_queue_runs_loses_a_worker_leaves_nothing_and_starts_again()
    {
        await using var engine = await GridEngine.StartAsync();
        var file = Path.Combine(engine.Folder, "scheduler.json");

        var (scheduler, workers) = await SubmitClusterAsync(engine, file);
        var firstId = await RunOnClusterAsync(engine, file, lose: $"{workers} -t 2");
        await GridEngine.DeleteAsync($"{scheduler} {workers}");
        await NothingIsLeftAsync(engine);

        // The scheduler was killed: its file is still there, and nobody answers where it points.
        await SubmitClusterAsync(engine, file);
        var secondId = await RunOnClusterAsync(engine, file, lose: null);
        Assert.NotEqual(firstId, secondId);
    }

    /// <summary>The workers first: a queue promises no order.</summary>
    private static async Task<(string Scheduler, string Workers)> SubmitClusterAsync(GridEngine engine, string file)
    {
        var host = Environment.MachineName;
        var workers = await engine.SubmitAsync($"-b y -t 1-3 {engine.Program} worker --nthreads 1 --nworkers 1 --scheduler-file {file}");
        var scheduler = await engine.SubmitAsync($"-b y -l h={host} {engine.Program} scheduler --scheduler-file {file}");
        return (scheduler, workers);
    }

    private static async Task<string> RunOnClusterAsync(GridEngine engine, string file, string? lose)
    {
        await RealProcesses.Until("three workers are there", async () => await WorkersAsync(file) is { Count: 3 });
        await using var client = await WeftClient.ConnectAsync(file, cancellationToken: Ended);
        Assert.Equal(0u, (await StatusAsync(file))!.RootElement.GetProperty("tasks").GetProperty("done").GetUInt32());
        await Workload.RunQuickstartAsync(client);

        if (lose is not null)
        {
            var run = Workload.StartLongRun(client);
            await RealProcesses.Until("a few tasks are done", async () => (await StatusAsync(file))!.RootElement.GetProperty("completed").GetInt64() > 300);
            await GridEngine.DeleteAsync(lose);
            await Workload.CheckLongRunAsync(client, run);
            await RealProcesses.Until("two workers are left", async () => await WorkersAsync(file) is { Count: 2 });
        }

        return SchedulerFileReader.Read(file).File!.Id;
    }

    private static async Task NothingIsLeftAsync(GridEngine engine) =>
        await RealProcesses.Until("no process of the jobs is left", () => Task.FromResult(engine.Processes().Count == 0));

    private static async Task<List<string>?> WorkersAsync(string file)
    {
        using var status = await StatusAsync(file);
        return status?.RootElement.GetProperty("workers").EnumerateArray().Select(static worker => worker.GetProperty("name").GetString()!).ToList();
    }

    /// <summary>What <c>weft status --json</c> prints; null when it does not end with 0.</summary>
    private static async Task<JsonDocument?> StatusAsync(string file)
    {
        var info = new ProcessStartInfo(Path.Combine(RealProcesses.ProgramFolder, "weft"), ["status", "--json", "--scheduler-file", file])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(info)!;
        var error = process.StandardError.ReadToEndAsync();
        var text = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        await error;
        return process.ExitCode == 0 ? JsonDocument.Parse(text) : null;
    }
}
