using System.Diagnostics;
using System.Text;

namespace Weft.Launcher;

/// <summary>
/// A program that runs beside this one, is told things by its input and heard line by line, until it is disposed or this process ends, however it ends: its input ends then. Not thread safe.
/// </summary>
internal sealed class CompanionProcess : IDisposable
{
    /// <summary>Of its complaints; what is beyond is read and dropped.</summary>
    private const int ErrorCharsMax = 8 << 10;

    private readonly Process _process;
    private readonly Task<string> _error;

    private CompanionProcess(Process process)
    {
        _process = process;
        _error = ReadErrorAsync();
    }

    public bool HasEnded => _process.HasExited;

    /// <param name="program">Looked up as a shell does.</param>
    /// <param name="arguments">Handed over as they are: no shell sees them.</param>
    /// <exception cref="Provisioning.ProviderException">There is no such program.</exception>
    public static CompanionProcess Start(string program, IReadOnlyList<string> arguments) => new(ExternalCommand.StartApart(program, arguments));

    /// <summary>Completes when it has ended.</summary>
    public Task WaitForEndAsync(CancellationToken cancellation) => _process.WaitForExitAsync(cancellation);

    /// <summary>The next line that it prints; null: it has closed its output.</summary>
    public ValueTask<string?> ReadLineAsync(CancellationToken cancellation) => _process.StandardOutput.ReadLineAsync(cancellation);

    /// <summary>How it ended; completes when it has.</summary>
    public async Task<CommandResult> EndAsync(CancellationToken cancellation)
    {
        await _process.WaitForExitAsync(cancellation).ConfigureAwait(false);
        return new CommandResult(_process.ExitCode, "", await _error.WaitAsync(cancellation).ConfigureAwait(false));
    }

    /// <summary>Gives it something to read. One that has ended already does not: whoever reads from it is told.</summary>
    public async Task WriteAsync(string text)
    {
        try
        {
            await _process.StandardInput.WriteAsync(text).ConfigureAwait(false);
            await _process.StandardInput.FlushAsync().ConfigureAwait(false);
        }
        catch (IOException)
        {
            // It has ended.
        }
    }

    public void CloseInput()
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

    /// <summary>Kills it where it still runs, and all that it started.</summary>
    public void Dispose()
    {
        ChildProcesses.End(_process);
        _process.Dispose();
    }

    private async Task<string> ReadErrorAsync()
    {
        var text = new StringBuilder();
        var buffer = new char[1024];
        while (await _process.StandardError.ReadAsync(buffer).ConfigureAwait(false) is var count && count > 0)
        {
            text.Append(buffer, 0, Math.Min(count, ErrorCharsMax - text.Length));
        }

        return text.ToString();
    }
}
