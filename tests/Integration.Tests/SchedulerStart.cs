using System.Collections.Concurrent;
using System.Diagnostics;
using Weft.Launcher;
using Weft.Protocol;

namespace Weft.Integration.Tests;

/// <summary>One start of <c>weft scheduler</c> on a file that others may be started on too.</summary>
internal sealed class SchedulerStart : IDisposable
{
    private readonly ConcurrentQueue<string> _errors = [];
    private readonly Process _process;

    public SchedulerStart(string file, params string[] options)
    {
        string[] arguments = ["scheduler", "--scheduler-file", file, "--port", "0", "--status-port", "0", .. options];
        _process = Process.Start(new ProcessStartInfo(Path.Combine(RealProcesses.ProgramFolder, "weft"), arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.OutputDataReceived += static (_, _) => { };
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
    }

    public int ProcessId => _process.Id;

    public bool HasEnded => _process.HasExited;

    /// <summary>Its exit code and all it said, when it has ended.</summary>
    public async Task<(int ExitCode, string Errors)> EndedAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(RealProcesses.Patience);
        return (_process.ExitCode, string.Join('\n', _errors));
    }

    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>The id of the scheduler that the file names and that answers; null when there is none.</summary>
    public static async Task<string?> ServingAsync(string file)
    {
        if (SchedulerFileReader.Read(file).File is not { } read)
        {
            return null;
        }

        var probe = await ClusterProbe.AskAsync(read.Endpoint, TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
        return probe.Info?.SchedulerId == read.Id ? read.Id : null;
    }

    public static Task IsServedAsync(string file) => RealProcesses.Until("a scheduler serves the file", async () => await ServingAsync(file) is not null);

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        _process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is not null)
        {
            _errors.Enqueue(line);
        }
    }
}
