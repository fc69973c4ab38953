using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>A script that runs on a head until it is disposed, or this process ends, however it ends: its input ends then. Not thread safe.</summary>
internal sealed class RunningScript : IAsyncDisposable
{
    private const int ErrorCharsMax = 8 << 10;

    /// <summary>For the script to see that its input has ended, and to end by that.</summary>
    private static readonly TimeSpan EndGrace = TimeSpan.FromSeconds(1);

    private readonly Process _process;
    private readonly StringBuilder _error = new();
    private bool _isDisposed;

    private RunningScript(Process process)
    {
        _process = process;
        process.ErrorDataReceived += (_, line) => KeepError(line.Data);
        process.BeginErrorReadLine();
    }

    /// <param name="program">A shell, or what leads to one.</param>
    /// <param name="arguments">Handed over as they are.</param>
    /// <param name="input">What it reads first.</param>
    /// <exception cref="ProviderException">There is no such program.</exception>
    public static async Task<RunningScript> StartAsync(string program, IReadOnlyList<string> arguments, string input)
    {
        RunningScript script;
        try
        {
            script = new RunningScript(Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!);
        }
        catch (Win32Exception failure)
        {
            throw new ProviderException(FailureKind.Permanent, $"the program '{program}' cannot be run: {failure.Message}", failure);
        }

        await script.WriteAsync(input).ConfigureAwait(false);
        return script;
    }

    /// <summary>The next line that it prints.</summary>
    /// <exception cref="ProviderException">It has ended instead; with its last words.</exception>
    public async Task<string> ReadLineAsync(CancellationToken cancellation)
    {
        if (await _process.StandardOutput.ReadLineAsync(cancellation).ConfigureAwait(false) is { } line)
        {
            return line;
        }

        await _process.WaitForExitAsync(cancellation).ConfigureAwait(false);
        lock (_error)
        {
            throw new ProviderException(FailureKind.Transient, _error.Length > 0 ? _error.ToString().Trim() : $"it ended with exit code {_process.ExitCode}");
        }
    }

    /// <summary>Gives it something to read. One that has ended already does not: whoever reads from it is told.</summary>
    public async Task WriteAsync(string input)
    {
        try
        {
            await _process.StandardInput.WriteAsync(input).ConfigureAwait(false);
            await _process.StandardInput.FlushAsync().ConfigureAwait(false);
        }
        catch (IOException)
        {
            // It has ended.
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        CloseInput();
        using var patience = new CancellationTokenSource(EndGrace);
        await _process.WaitForExitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ChildProcesses.End(_process);
        _process.Dispose();
    }

    private void CloseInput()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // Nobody reads it any more.
        }
    }

    private void KeepError(string? line)
    {
        lock (_error)
        {
            if (line is not null && _error.Length + line.Length < ErrorCharsMax)
            {
                _error.AppendLine(line);
            }
        }
    }
}
