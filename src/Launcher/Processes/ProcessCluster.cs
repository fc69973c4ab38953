using System.Diagnostics;
using System.Globalization;
using Weft.Protocol;
using V1 = Weft.Protocol.V1;

namespace Weft.Launcher;

/// <summary>
/// A scheduler process and worker processes under their supervisor, on this machine, as a user would start them. For measuring and
/// for tests; its end is the end of all of them.
/// </summary>
public sealed class ProcessCluster : IAsyncDisposable
{
    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    /// <summary>What the processes are, in the order in which they are started.</summary>
    private static readonly string[] Roles = ["the scheduler", "the workers' supervisor"];

    private readonly ProcessClusterOptions _options;
    private readonly ChildProcesses _children = new();
    private readonly OwnedFolder _folder = OwnedFolder.Create("cluster");
    private readonly List<Process> _processes = [];
    private readonly List<LastLines> _lastLines = [];

    private ProcessCluster(ProcessClusterOptions options)
    {
        _options = options;
        SchedulerFile = options.SchedulerFile ?? Path.Combine(_folder.Path, "scheduler.json");
    }

    public string SchedulerFile { get; }

    public int SchedulerProcessId => _processes[0].Id;

    /// <summary>The process that keeps the worker processes alive.</summary>
    public int SupervisorProcessId => _processes[1].Id;

    /// <summary>Starts the processes and waits until the scheduler knows all workers.</summary>
    /// <exception cref="LaunchException">A process ended, or not all were there in time.</exception>
    public static async Task<ProcessCluster> StartAsync(ProcessClusterOptions options, CancellationToken cancellationToken = default)
    {
        var cluster = new ProcessCluster(options);
        try
        {
            await cluster.StartProcessAsync(
                ["scheduler", "--scheduler-file", cluster.SchedulerFile, "--port", "0", "--status-port", "0", .. options.SchedulerArguments]).ConfigureAwait(false);
            await cluster.StartProcessAsync(
            [
                "worker", "--scheduler-file", cluster.SchedulerFile, .. Numbers("--nworkers", options.Workers), .. Numbers("--nthreads", options.SlotsPerWorker), .. options.WorkerArguments,
            ]).ConfigureAwait(false);
            await cluster.WaitForWorkersAsync(options.Workers, cancellationToken).ConfigureAwait(false);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>What the scheduler says of the cluster now.</summary>
    public Task<ProbeResult> InfoAsync(CancellationToken cancellationToken = default) =>
        new SchedulerSearch(SchedulerFile, null, TimeProvider.System, static _ => { }).TryAsync(cancellationToken);

    /// <summary>Waits until the scheduler knows so many workers, and says what it knows.</summary>
    /// <exception cref="LaunchException">A process ended, or not all were there in time.</exception>
    public async Task<V1.ClusterInfo> WaitForWorkersAsync(int count, CancellationToken cancellationToken = default)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var result = await InfoAsync(cancellationToken).ConfigureAwait(false);
            if (result.Info?.Workers.Count == count)
            {
                return result.Info;
            }

            if (_processes.FindIndex(static process => process.HasExited) is >= 0 and var ended)
            {
                // Its end is known before all of its lines are.
                await _processes[ended].WaitForExitAsync(cancellationToken).WaitAsync(EndTimeout, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                throw new LaunchException(
                    ExitCodes.Failure, $"{Roles[ended]} (process {_processes[ended].Id}) ended with exit code {_processes[ended].ExitCode}.{_lastLines[ended]}");
            }

            if (TimeProvider.System.GetElapsedTime(began) > _options.StartTimeout)
            {
                throw new LaunchException(
                    ExitCodes.NotReachable,
                    $"after {Duration.Format(_options.StartTimeout)} there are {result.Info?.Workers.Count ?? 0} of {count} workers. {result.Message}{string.Concat(_lastLines)}");
            }

            await Task.Delay(Poll, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Asks scheduler and supervisor to end, and waits for both.</summary>
    /// <returns>Their exit codes.</returns>
    /// <exception cref="TimeoutException">They did not end in time.</exception>
    public async Task<(int Scheduler, int Supervisor)> StopAsync(TimeSpan patience)
    {
        foreach (var process in Enumerable.Reverse(_processes))
        {
            ChildProcesses.AskToEnd(process);
            await process.WaitForExitAsync().WaitAsync(patience).ConfigureAwait(false);
        }

        return (_processes[0].ExitCode, _processes[1].ExitCode);
    }

    /// <summary>Ends all processes at once.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            ChildProcesses.End(process);
        }

        foreach (var process in _processes)
        {
            await process.WaitForExitAsync().WaitAsync(EndTimeout).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            process.Dispose();
        }

        _children.Dispose();
        _folder.Dispose();
    }

    private static string[] Numbers(string option, int value) => [option, value.ToString(CultureInfo.InvariantCulture)];

    private async Task StartProcessAsync(IEnumerable<string> arguments)
    {
        var info = _options.Program is { } program ? new ProcessStartInfo(program, arguments) : WeftProgram.Command(arguments);
        info.RedirectStandardOutput = true;
        info.RedirectStandardError = true;
        var process = await _children.StartAsync(info).ConfigureAwait(false);
        var lastLines = new LastLines(Roles[_processes.Count]);
        process.OutputDataReceived += OnLine;
        process.ErrorDataReceived += OnLine;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _processes.Add(process);
        _lastLines.Add(lastLines);

        void OnLine(object sender, DataReceivedEventArgs line)
        {
            if (line.Data is { } text)
            {
                lastLines.Add(text);
                _options.Log?.Invoke(text);
            }
        }
    }
}
