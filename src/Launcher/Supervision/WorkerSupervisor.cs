using System.Diagnostics;

namespace Weft.Launcher;

/// <summary>
/// Keeps a number of worker processes alive: starts them, starts another in place of one that died, asks all to end when it is
/// told to, and ends those that do not.
/// </summary>
/// <param name="options">What to run and how patiently.</param>
/// <param name="time">Measures lives and pauses.</param>
public sealed class WorkerSupervisor(SupervisorOptions options, TimeProvider time)
{
    /// <summary>Runs until no worker process is left and none is to be started again.</summary>
    /// <param name="stop">Asks all workers to end.</param>
    /// <returns>Zero when all ended well, else the code of the first that did not.</returns>
    public async Task<int> RunAsync(CancellationToken stop)
    {
        using var children = new ChildProcesses();
        var codes = await Task.WhenAll(Enumerable.Range(0, options.Count).Select(index => KeepAsync(children, index, stop))).ConfigureAwait(false);
        return codes.FirstOrDefault(static code => code != ExitCodes.Ok);
    }

    private async Task<int> KeepAsync(ChildProcesses children, int index, CancellationToken stop)
    {
        var immediateDeaths = 0;
        while (!stop.IsCancellationRequested)
        {
            var began = time.GetTimestamp();
            var (code, processId) = await RunOneAsync(children, index, stop).ConfigureAwait(false);
            if (stop.IsCancellationRequested)
            {
                return code;
            }

            var decision = options.Policy.OnExit(code, time.GetElapsedTime(began), ref immediateDeaths, out var pause);
            switch (decision)
            {
                case RestartDecision.LetGo:
                    return code;
                case RestartDecision.GiveUp:
                    options.Report($"worker process {index} ended {immediateDeaths} times in a row right after its start, last with {Describe(code)}: giving up.");
                    return ExitCodes.Failure;
                case RestartDecision.Restart:
                    options.Report($"worker process {index} (pid {processId}) ended with {Describe(code)}: starting another.");
                    await PauseAsync(pause, stop).ConfigureAwait(false);
                    break;
            }
        }

        return ExitCodes.Ok;
    }

    private async Task<(int Code, int ProcessId)> RunOneAsync(ChildProcesses children, int index, CancellationToken stop)
    {
        using var process = await children.StartAsync(options.Command(index)).ConfigureAwait(false);
        var ended = process.WaitForExitAsync(CancellationToken.None);
        try
        {
            await ended.WaitAsync(stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            ChildProcesses.AskToEnd(process);
            await EndInTimeAsync(process, ended, index).ConfigureAwait(false);
        }

        return (process.ExitCode, process.Id);
    }

    private async Task EndInTimeAsync(Process process, Task ended, int index)
    {
        try
        {
            await ended.WaitAsync(options.StopLimit, time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            options.Report($"worker process {index} (pid {process.Id}) did not end within {options.StopLimit.TotalSeconds:0.#} s: ending it.");
            ChildProcesses.End(process);
            await ended.ConfigureAwait(false);
        }
    }

    private async Task PauseAsync(TimeSpan pause, CancellationToken stop)
    {
        try
        {
            await Task.Delay(pause, time, stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The loop sees it.
        }
    }

    private static string Describe(int code) =>
        code > ExitCodes.SignalBase ? $"signal {code - ExitCodes.SignalBase}" : $"exit code {code}";
}
