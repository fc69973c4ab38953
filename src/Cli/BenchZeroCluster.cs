using System.Diagnostics;
using System.Globalization;
using Weft.Launcher;

namespace Weft.Cli;

/// <summary>A scheduler process and the processes of workers that run nothing.</summary>
internal sealed class BenchZeroCluster : IAsyncDisposable
{
    public static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("weft-bench-");
    private readonly List<Process> _processes = [];

    private BenchZeroCluster() => SchedulerFile = Path.Combine(_folder.FullName, "scheduler.json");

    public string SchedulerFile { get; }

    public int SchedulerProcessId => _processes[0].Id;

    /// <exception cref="LaunchException">A process ended, or not all were there in time.</exception>
    public static async Task<BenchZeroCluster> StartAsync(int workers, string journal, CancellationToken stop)
    {
        var cluster = new BenchZeroCluster();
        try
        {
            // Idle for so long it ends by itself: should this process be killed, nothing stays behind.
            cluster.Start(
                "scheduler", "--scheduler-file", cluster.SchedulerFile, "--host", "127.0.0.1", "--port", "0", "--status-port", "0", "--journal", journal, "--idle-timeout", "60s");
            for (var index = 0; index < workers; index++)
            {
                cluster.Start(
                    BenchZeroWorkerCommand.Name, "--scheduler-file", cluster.SchedulerFile, "--name", string.Create(CultureInfo.InvariantCulture, $"zero-{index}"));
            }

            await cluster.WaitForAsync(workers, stop).ConfigureAwait(false);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            process.Kill();
            await process.WaitForExitAsync().ConfigureAwait(false);
            process.Dispose();
        }

        _folder.Delete(recursive: true);
    }

    private void Start(params string[] arguments)
    {
        var info = SelfCommand.Create(arguments);

        // What they announce is not part of the one document on the output.
        info.RedirectStandardOutput = true;
        var process = Process.Start(info)!;
        process.BeginOutputReadLine();
        _processes.Add(process);
    }

    private async Task WaitForAsync(int workers, CancellationToken stop)
    {
        var search = new SchedulerSearch(SchedulerFile, null, TimeProvider.System, static _ => { });
        var began = Stopwatch.GetTimestamp();
        while ((await search.TryAsync(stop).ConfigureAwait(false)).Info?.Workers.Count != workers)
        {
            if (_processes.Find(static process => process.HasExited) is { } ended)
            {
                throw new LaunchException(ExitCodes.Failure, $"process {ended.Id} of the cluster ended with exit code {ended.ExitCode}.");
            }

            if (Stopwatch.GetElapsedTime(began) > StartTimeout)
            {
                throw new LaunchException(ExitCodes.NotReachable, $"not all {workers} workers were there after {StartTimeout.TotalSeconds} s.");
            }

            await Task.Delay(Poll, stop).ConfigureAwait(false);
        }
    }
}
