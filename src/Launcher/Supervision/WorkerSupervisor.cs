using System.ComponentModel;

namespace Weft.Launcher;

/// <summary>
/// Keeps a number of worker processes alive: starts them, ends those that hang or take too much memory, starts another in place of one that
/// died and tells what it was running, asks all to leave when it is told to, and ends those that do not.
/// </summary>
/// <param name="options">What to run and how patiently.</param>
/// <param name="time">Measures lives and pauses.</param>
public sealed class WorkerSupervisor(SupervisorOptions options, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly OutOfMemoryKills _kills = new(options.Host);
    private Departure? _departure;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _starts;

    /// <summary>Asks all workers to leave; no others are started. Asked again, they can only come to an earlier end.</summary>
    /// <param name="reason">For people.</param>
    /// <param name="limit">What is left then is ended; null: they may take as long as they take.</param>
    public void Leave(string reason, TimeSpan? limit)
    {
        var departure = Departure.Within(reason, limit);
        TaskCompletionSource changed;
        lock (_gate)
        {
            if (_departure is { } before && before.EndAtMs <= departure.EndAtMs)
            {
                return;
            }

            _departure = departure;
            changed = _changed;
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        changed.SetResult();
    }

    /// <summary>Runs until no worker process is left and none is to be started again.</summary>
    /// <param name="stop">Asks all workers to leave within <see cref="SupervisorOptions.StopLimit"/>.</param>
    /// <returns>Zero when all ended well, else the code of the first that did not.</returns>
    public async Task<int> RunAsync(CancellationToken stop)
    {
        await using var stopping = stop.Register(() => Leave("it was asked to end", options.StopLimit)).ConfigureAwait(false);
        using var children = new ChildProcesses();
        var codes = await Task.WhenAll(Enumerable.Range(0, options.Count).Select(index => KeepAsync(children, index))).ConfigureAwait(false);
        return codes.FirstOrDefault(static code => code != ExitCodes.Ok);
    }

    private (Departure? Departure, Task Changed) Look()
    {
        lock (_gate)
        {
            return (_departure, _changed.Task);
        }
    }

    private async Task<int> KeepAsync(ChildProcesses children, int index)
    {
        // At most one report of each place is on its way.
        var reporting = Task.CompletedTask;
        var immediateDeaths = 0;
        var code = ExitCodes.Ok;
        while (Look().Departure is null)
        {
            var began = time.GetTimestamp();
            var exit = await RunOneAsync(children, index).ConfigureAwait(false);
            code = exit.Code;
            if (exit.Death is { } death)
            {
                await reporting.ConfigureAwait(false);
                reporting = options.ReportDeath(death);
            }

            if (Look().Departure is not null || (exit.HasLivedOut && !options.Lifetime!.Restarts))
            {
                break;
            }

            var decision = exit.HasLivedOut
                ? options.Policy.OnExit(ExitCodes.RestartWanted, TimeSpan.Zero, ref immediateDeaths, out var pause)
                : options.Policy.OnExit(code, time.GetElapsedTime(began), ref immediateDeaths, out pause);
            if (decision == RestartDecision.LetGo)
            {
                break;
            }

            if (decision == RestartDecision.GiveUp)
            {
                options.Report($"worker process {index} ended {immediateDeaths} times in a row right after its start, last with {exit.Description}: giving up.");
                code = ExitCodes.Failure;
                break;
            }

            options.Report($"worker process {index} (pid {exit.ProcessId}) ended with {exit.Description}: starting another.");
            code = ExitCodes.Ok;
            await Task.WhenAny(Task.Delay(pause, time), Look().Changed).ConfigureAwait(false);
        }

        await reporting.ConfigureAwait(false);
        return code;
    }

    private async Task<WorkerExit> RunOneAsync(ChildProcesses children, int index)
    {
        // The folder of a process that died may be removed while its successor starts.
        var place = new WorkerPlace(index, Path.Combine(options.Folder, $"{index}.{Interlocked.Increment(ref _starts)}"));
        try
        {
            using var child = await WorkerChild.StartAsync(children, options, _kills, place).ConfigureAwait(false);
            return await child.WatchAsync(Look).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or Win32Exception)
        {
            return new WorkerExit(ExitCodes.Failure, 0, HasLivedOut: false, $"a failed start, {failure.Message.ReplaceLineEndings(" ")}", Death: null);
        }
    }
}
