using System.ComponentModel;
using System.Diagnostics;
using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>
/// <c>weft job-run</c>: runs a job's program on the head, and keeps in its folder how it is. It depends on nobody who submitted it. Told to end, it ends the program first; killed, it leaves the program
/// running, and the job is said to be lost.
/// </summary>
public sealed class JobSupervisor
{
    /// <summary>For the program to end by itself.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    /// <summary>A scheduler that is being started again is back by then.</summary>
    private static readonly TimeSpan EndPatience = TimeSpan.FromMinutes(30);

    private static readonly TimeSpan EndPause = TimeSpan.FromSeconds(2);

    /// <summary>What a shell says of a program that it cannot run.</summary>
    private const int CannotRun = 126;

    private readonly string _folder;
    private readonly string _file;
    private readonly Action<string> _say;
    private readonly Func<string, Task<CommandResult>> _sweep;

    /// <param name="folder">The job's.</param>
    /// <param name="say">Takes lines for people.</param>
    public JobSupervisor(string folder, Action<string> say)
        : this(folder, say, SweepHereAsync)
    {
    }

    /// <param name="folder">The job's.</param>
    /// <param name="say">Takes lines for people.</param>
    /// <param name="sweep">Runs the script that ends what the program has left behind.</param>
    internal JobSupervisor(string folder, Action<string> say, Func<string, Task<CommandResult>> sweep) =>
        (_folder, _file, _say, _sweep) = (folder, Path.Combine(folder, JobFiles.Record), say, sweep);

    /// <summary>Completes when the program has ended, and the cluster, if it is to end with it, has been told.</summary>
    /// <param name="stop">Ends the program.</param>
    /// <returns>One of <see cref="ExitCodes"/>: the program's own exit code is in the job's record.</returns>
    /// <exception cref="LaunchException">There is no such job, or it has begun already.</exception>
    public async Task<int> RunAsync(CancellationToken stop)
    {
        var record = Read();
        if (record.Started is not null || record.Ended is not null)
        {
            throw new LaunchException(ExitCodes.Usage, $"job {record.Id} has begun already.");
        }

        using var process = Start(record);
        record = record with { Started = DateTimeOffset.UtcNow };
        Write(record);
        var code = process is null ? CannotRun : await ExitCodeAsync(process, record, stop).ConfigureAwait(false);
        Write(record with { Ended = DateTimeOffset.UtcNow, ExitCode = code, WasStopped = stop.IsCancellationRequested || File.Exists(Path.Combine(_folder, JobFiles.Stop)) });
        return !record.EndsCluster || await EndClusterAsync(record, stop).ConfigureAwait(false) ? ExitCodes.Ok : ExitCodes.Failure;
    }

    private async Task<int> ExitCodeAsync(Process process, JobRecord record, CancellationToken stop)
    {
        try
        {
            await process.WaitForExitAsync(stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The sweep asks it to end.
        }

        await SweepAsync(record).ConfigureAwait(false);
        await EndAsync(process).ConfigureAwait(false);
        await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        return process.ExitCode;
    }

    /// <summary>Its output goes where this process's does: to the job's file, without a hand in between that could be lost.</summary>
    private Process? Start(JobRecord record)
    {
        var info = new ProcessStartInfo(ProgramOf(record.Command[0]), record.Command.Skip(1)) { WorkingDirectory = _folder };
        info.Environment.Remove(JobMarks.Supervisor);
        info.Environment[JobMarks.Job] = record.Id;
        info.Environment[HeadEnvironment.SchedulerFile] = record.SchedulerFile;
        if (DotnetProgram.Root is { } root)
        {
            info.Environment.TryAdd(DotnetProgram.RootVariable, root);
        }

        try
        {
            return Process.Start(info);
        }
        catch (Win32Exception failure)
        {
            Say($"{record.Command[0]} cannot be run: {failure.Message}");
            return null;
        }
    }

    private string ProgramOf(string word) =>
        word == JobProgram.Dotnet ? DotnetProgram.Path
        : word.StartsWith(JobFiles.Program + "/", StringComparison.Ordinal) ? Path.Combine(_folder, word)
        : word;

    /// <summary>What the program started ends with it. Where that cannot be done, for a machine that starts no more processes, the job has ended all the same.</summary>
    private async Task SweepAsync(JobRecord record)
    {
        var jobs = Path.GetDirectoryName(_folder)!;
        try
        {
            var swept = await _sweep(JobScripts.Sweep(record.Cluster, jobs, record.Id, Grace)).ConfigureAwait(false);
            if (!swept.IsOk || swept.Output.Length > 0)
            {
                Say($"not all that it started could be ended: {swept.Complaint}");
            }
        }
        catch (ProviderException failure)
        {
            Say($"not all that it started could be ended: {failure.Message}");
        }
    }

    /// <summary>A program that the sweep has not ended: it could not be run, or did not find it.</summary>
    private static async Task EndAsync(Process process)
    {
        if (process.HasExited)
        {
            return;
        }

        ChildProcesses.AskToEnd(process);
        await Task.WhenAny(process.WaitForExitAsync(CancellationToken.None), Task.Delay(Grace)).ConfigureAwait(false);
        ChildProcesses.End(process);
    }

    private static async Task<CommandResult> SweepHereAsync(string script)
    {
        await using var here = new LocalHeadHost();
        return await here.RunAsync(script, null, CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>Again and again: a cluster that was to end and does not is paid for.</summary>
    private async Task<bool> EndClusterAsync(JobRecord record, CancellationToken stop)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                await ClusterScaling.EndAsync(record.SchedulerFile, stop).ConfigureAwait(false);
                Say($"cluster {record.Cluster} ends, as was asked for.");
                return true;
            }
            catch (OperationCanceledException)
            {
                return false;
            }
            catch (LaunchException failure) when (Stopwatch.GetElapsedTime(began) > EndPatience)
            {
                Say($"cluster {record.Cluster} was to end, and could not be told so for {EndPatience.TotalMinutes:0} minutes: {failure.Message}");
                return false;
            }
            catch (LaunchException)
            {
                await Task.Delay(EndPause, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private JobRecord Read() =>
        (File.Exists(_file) ? JobRecord.Parse(File.ReadAllText(_file)) : null) ?? throw new LaunchException(ExitCodes.Usage, $"{_file} is no job's record.");

    /// <summary>As a whole: others read it at any time. A disk that the program has filled keeps neither the program from its end nor the cluster.</summary>
    private void Write(JobRecord record)
    {
        var draft = _file + ".new";
        try
        {
            PrivateText.Write(draft, record.ToJson());
            File.Move(draft, _file, overwrite: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Say($"how the job is could not be written to {_file}: {failure.Message}");
        }
    }

    private void Say(string line)
    {
        try
        {
            _say(line);
        }
        catch (IOException)
        {
            // It goes to the job's output, on the same disk.
        }
    }
}
