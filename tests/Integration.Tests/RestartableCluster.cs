using System.Collections.Concurrent;
using System.Diagnostics;
using Weft.Launcher;
using Weft.Protocol;

namespace Weft.Integration.Tests;

/// <summary>A scheduler process that may be killed and started again on its file, and workers under a supervisor.</summary>
internal sealed class RestartableCluster : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly List<Process> _supervisors = [];
    private Process? _scheduler;

    public string SchedulerFile => Path.Combine(_folder.Path, "scheduler.json");

    public string Folder => _folder.Path;

    /// <summary>What its processes wrote.</summary>
    public string Log => string.Join('\n', _lines);

    public static async Task<RestartableCluster> StartAsync(int workers, params string[] workerOptions)
    {
        var cluster = new RestartableCluster();
        await cluster.StartSchedulerAsync();
        cluster.StartWorkers(workers, workerOptions);
        await cluster.HasWorkersAsync(workers);
        return cluster;
    }

    /// <summary>Where the next scheduler listens; 0 is any free port.</summary>
    public int Port { get; set; }

    public async Task StartSchedulerAsync(params string[] options)
    {
        var before = SchedulerFileReader.Read(SchedulerFile).File?.Id;
        _scheduler = Start(["scheduler", "--scheduler-file", SchedulerFile, "--port", $"{Port}", "--status-port", "0", .. options]);
        await RealProcesses.Until("the scheduler writes its file", () => Task.FromResult(SchedulerFileReader.Read(SchedulerFile).File is { } file && file.Id != before));
    }

    public void KillScheduler()
    {
        _scheduler!.Kill();
        _scheduler.WaitForExit();
    }

    public int SchedulerProcessId => _scheduler!.Id;

    public Process StartWorkers(int workers, params string[] options)
    {
        var supervisor = Start(["worker", "--scheduler-file", SchedulerFile, "--nworkers", $"{workers}", "--name", $"w{_supervisors.Count}", .. options]);
        _supervisors.Add(supervisor);
        return supervisor;
    }

    public async Task<Protocol.V1.ClusterInfo?> InfoAsync() =>
        SchedulerFileReader.Read(SchedulerFile).File is { } file
            ? (await ClusterProbe.AskAsync(file.Endpoint, TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken)).Info
            : null;

    public Task HasWorkersAsync(int count) => RealProcesses.Until($"{count} workers are connected\n{Log}", async () => (await InfoAsync())?.Workers.Count == count);

    public Task HasCompletedAsync(long count) => RealProcesses.Until($"{count} tasks are done\n{Log}", async () => (long?)(await InfoAsync())?.Completed >= count);

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _supervisors.Append(_scheduler!))
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }

        _folder.Dispose();
    }

    private Process Start(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(RealProcesses.ProgramFolder, "weft"), arguments)
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        return process;
    }

    private void Keep(string? line)
    {
        if (line is not null)
        {
            _lines.Enqueue(line);
        }
    }
}
