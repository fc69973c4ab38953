using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Weft.Launcher;

/// <summary>
/// <c>weft head</c>: keeps a scheduler and an autoscaler alive, also when somebody else asks one of them to end. It ends when the autoscaler says that the cluster is over, when the scheduler
/// cannot be kept alive, or an autoscaler that has never served, or when it is asked to. Both are killed with it; the journal and the nodes themselves hold what a next one needs.
/// </summary>
public sealed class HeadProcess(string folder, Action<string> report)
{
    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(15);

    /// <summary>Between SIGTERM and SIGKILL.</summary>
    private static readonly TimeSpan JobGrace = TimeSpan.FromSeconds(10);

    private readonly ClusterFolder _folder = new(folder);
    private readonly ChildProcesses _children = new();

    /// <summary>Runs until the cluster is over, or it is asked to stop.</summary>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    /// <exception cref="LaunchException">The cluster's file cannot be read.</exception>
    public async Task<int> RunAsync(CancellationToken stop)
    {
        var configuration = HeadView.Load(_folder);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var scheduler = KeepAsync("scheduler", () => SchedulerArguments(configuration), SchedulerMeaning, isVital: true, over.Token);
        var autoscaler = KeepAsync("autoscaler", () => ["autoscale", folder], static code => code, isVital: false, over.Token);
        var first = await Task.WhenAny(scheduler, autoscaler).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(scheduler, autoscaler).ConfigureAwait(false);
        _children.Dispose();
        if (stop.IsCancellationRequested)
        {
            return ExitCodes.Ok;
        }

        var code = await first.ConfigureAwait(false);
        if (first == autoscaler && code == ExitCodes.Ok)
        {
            // The cluster is over, and so is what ran on it and what it knew.
            await EndJobsAsync(configuration.ClusterName).ConfigureAwait(false);
            ClusterRemains.Remove(_folder, configuration.SchedulerFile!, configuration.Journal);
        }

        return code;
    }

    private async Task EndJobsAsync(string cluster)
    {
        await using var here = new LocalHeadHost();
        var ended = await here.RunAsync(JobScripts.Stop(cluster, _folder.Jobs, null, JobGrace), null, CancellationToken.None).ConfigureAwait(false);
        if (!ended.IsOk || ended.Output.Length > 0)
        {
            report($"not all jobs could be ended: {ended.Complaint}");
        }
    }

    private static IEnumerable<string> SchedulerArguments(ClusterConfiguration configuration)
    {
        List<string> arguments = ["scheduler", "--scheduler-file", configuration.SchedulerFile!, "--journal", configuration.Journal];
        Add("--host", configuration.Head.Host);
        Add("--port", configuration.Head.Port?.ToString(CultureInfo.InvariantCulture));
        Add("--status-port", configuration.Head.StatusPort?.ToString(CultureInfo.InvariantCulture));
        return arguments;

        void Add(string option, string? value)
        {
            if (value is not null)
            {
                arguments.AddRange([option, value]);
            }
        }
    }

    /// <summary>A head's scheduler never ends by itself: where all went well somebody else asked it to end.</summary>
    private static int SchedulerMeaning(int code) => code == ExitCodes.Ok ? ExitCodes.SignalBase + ChildProcesses.Sigterm : code;

    /// <param name="role">What people call it.</param>
    /// <param name="arguments">Of the process that has it.</param>
    /// <param name="meaning">Of an exit code.</param>
    /// <param name="isVital">The cluster is nothing without it. What is not, and has served once, is started again for as long as it takes: a file that it cannot read now costs scaling, not the scheduler and its nodes.</param>
    /// <param name="over">Ends it.</param>
    /// <returns>What it ended with when it was not started again.</returns>
    private async Task<int> KeepAsync(string role, Func<IEnumerable<string>> arguments, Func<int, int> meaning, bool isVital, CancellationToken over)
    {
        var immediateDeaths = 0;
        var hasServed = false;
        while (true)
        {
            var began = Stopwatch.GetTimestamp();
            var code = meaning(await RunAsync(role, arguments(), over).ConfigureAwait(false));
            if (over.IsCancellationRequested)
            {
                return code;
            }

            var lived = Stopwatch.GetElapsedTime(began);
            hasServed |= lived >= RestartPolicy.Default.ImmediateBelow;
            var decision = RestartPolicy.Default.OnExit(code, lived, ref immediateDeaths, out var pause);
            if (!isVital && hasServed && code != ExitCodes.Ok && decision != RestartDecision.Restart)
            {
                (decision, pause) = (RestartDecision.Restart, RestartPolicy.Default.LongestPause);
            }

            if (decision != RestartDecision.Restart || code == ExitCodes.AnotherServes)
            {
                report($"the {role} ended with exit code {code} and is not started again.");
                return code;
            }

            report($"the {role} ended with exit code {code}; another is started.");
            await Task.Delay(pause, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (over.IsCancellationRequested)
            {
                return code;
            }
        }
    }

    /// <summary>One life of it. A machine that can start no more processes just now is one that ends at once.</summary>
    private async Task<int> RunAsync(string role, IEnumerable<string> arguments, CancellationToken over)
    {
        Process process;
        try
        {
            process = await _children.StartAsync(SelfCommand.Create([.. arguments, "--child-of", Environment.ProcessId.ToString(CultureInfo.InvariantCulture)])).ConfigureAwait(false);
        }
        catch (Win32Exception failure)
        {
            report($"the {role} cannot be started: {failure.Message}");
            return ExitCodes.Failure;
        }

        using (process)
        {
            return await EndAsync(process, over).ConfigureAwait(false);
        }
    }

    private static async Task<int> EndAsync(Process process, CancellationToken over)
    {
        try
        {
            await process.WaitForExitAsync(over).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            ChildProcesses.AskToEnd(process);
            try
            {
                await process.WaitForExitAsync(CancellationToken.None).WaitAsync(EndTimeout, CancellationToken.None).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                ChildProcesses.End(process);
                await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
            }
        }

        return process.ExitCode;
    }
}
