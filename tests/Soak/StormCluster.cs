using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using Weft.Launcher;
using Weft.Protocol;

namespace Weft.Soak;

/// <summary>A scheduler process and worker processes under their supervisor, to be killed and stopped.</summary>
internal sealed class StormCluster(string folder) : IAsyncDisposable
{
    public const int Workers = 4;

    /// <summary>Short, so that a worker can be stopped for longer; heartbeats come ten times as often.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(5);

    private const int SlotsPerWorker = 4;
    private const int Sigkill = 9;
    private const int Sigcont = 18;
    private const int Sigstop = 19;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ProbePatience = TimeSpan.FromSeconds(5);

    private readonly ConcurrentQueue<string> _lines = [];
    private Process? _scheduler;
    private Process? _supervisor;

    public string SchedulerFile { get; } = Path.Combine(folder, "scheduler.json");

    public string JournalFolder => SchedulerFile + ".journal";

    /// <summary>What the processes wrote.</summary>
    public IEnumerable<string> Lines => _lines;

    public async Task StartAsync(CancellationToken stop)
    {
        await StartSchedulerAsync(stop).ConfigureAwait(false);
        _supervisor = Start("worker", "--scheduler-file", SchedulerFile, "--nworkers", $"{Workers}", "--nthreads", $"{SlotsPerWorker}", "--name", "w", "--local-directory", folder);
        await UntilAsync($"{Workers} workers are there", async () => (await WorkersAsync(stop).ConfigureAwait(false)).Count == Workers, stop).ConfigureAwait(false);
    }

    public async Task StartSchedulerAsync(CancellationToken stop)
    {
        var before = SchedulerFileReader.Read(SchedulerFile).File?.Id;
        _scheduler = Start("scheduler", "--scheduler-file", SchedulerFile, "--port", "0", "--status-port", "0", "--worker-lease", Duration.Format(Lease));
        await UntilAsync(
            "the scheduler writes its file",
            () => Task.FromResult(SchedulerFileReader.Read(SchedulerFile).File is { } file && file.Id != before),
            stop).ConfigureAwait(false);
    }

    public void KillScheduler()
    {
        _scheduler!.Kill();
        _scheduler.WaitForExit();
        _scheduler.Dispose();
    }

    /// <summary>The processes of the workers that the scheduler knows, by their names; none when it does not answer.</summary>
    public async Task<IReadOnlyList<int>> WorkersAsync(CancellationToken stop)
    {
        if (SchedulerFileReader.Read(SchedulerFile).File is not { } file)
        {
            return [];
        }

        var probe = await ClusterProbe.AskAsync(file.Endpoint, ProbePatience, stop).ConfigureAwait(false);
        return probe.Info is { } info
            ? [.. info.Workers.OrderBy(static worker => worker.Name, StringComparer.Ordinal).Select(static worker => (int)worker.ProcessId)]
            : [];
    }

    public bool Kill(int worker) => Signal(worker, Sigkill);

    public bool Stop(int worker) => Signal(worker, Sigstop);

    public bool Continue(int worker) => Signal(worker, Sigcont);

    public async ValueTask DisposeAsync()
    {
        foreach (var process in new[] { _supervisor, _scheduler })
        {
            if (process is null)
            {
                continue;
            }

            try
            {
                process.Kill(entireProcessTree: true);
            }
            catch (Exception gone) when (gone is InvalidOperationException or AggregateException or Win32Exception)
            {
                // It ended by itself.
            }

            process.Dispose();
        }
    }

    /// <summary>Signals a process of this cluster. False when it is gone: its number may be another's by now.</summary>
    private bool Signal(int worker, int signal)
    {
        try
        {
            return File.ReadAllText($"/proc/{worker}/cmdline").Contains(SchedulerFile, StringComparison.Ordinal) && SendSignal(worker, signal) == 0;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private async Task UntilAsync(string what, Func<Task<bool>> holds, CancellationToken stop)
    {
        var began = Stopwatch.GetTimestamp();
        while (!await holds().ConfigureAwait(false))
        {
            if (Stopwatch.GetElapsedTime(began) > StartPatience)
            {
                throw new TimeoutException($"Within {StartPatience.TotalSeconds} s it did not come about that {what}.\n{string.Join('\n', _lines.TakeLast(20))}");
            }

            await Task.Delay(Poll, stop).ConfigureAwait(false);
        }
    }

    private Process Start(params string[] arguments)
    {
        var process = Process.Start(new ProcessStartInfo(Program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
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
            _lines.Enqueue($"{DateTime.UtcNow:HH:mm:ss.fff} {line}");
        }
    }

    private static string Program { get; } = Environment.GetEnvironmentVariable(WeftProgram.Variable) is { Length: > 0 } named
        ? named
        : Path.GetFullPath(Path.Combine(
            typeof(StormCluster).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(static attribute => attribute.Key == "WeftProgramFolder").Value!, "weft"));

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int SendSignal(int processId, int signal);
}
