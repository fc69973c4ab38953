using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>
/// A child <c>ssh</c> that holds a connection open, for others to share or for a forward to go through, until it is disposed or this process ends, however it ends: see <see cref="SshArguments.Connect"/>.
/// </summary>
internal sealed class SshSession : IHeldConnection
{
    private const int ErrorCharsMax = 8 << 10;

    /// <summary>Beyond the connect timeout: for the login, which asks other services at some sites.</summary>
    private static readonly TimeSpan LoginTime = TimeSpan.FromSeconds(20);

    private readonly Process _process;
    private readonly StringBuilder _error = new();
    private readonly Task _errorRead;

    private SshSession(Process process)
    {
        _process = process;
        _errorRead = ReadErrorAsync();
    }

    public bool HasEnded => _process.HasExited;

    /// <summary>Completes when the host has let us in.</summary>
    /// <exception cref="ProviderException">It has not; with the words of <c>ssh</c>.</exception>
    public static async Task<SshSession> OpenAsync(SshTarget target, IReadOnlyList<string> arguments, TimeSpan connectTimeout, CancellationToken cancellation)
    {
        var session = new SshSession(Start(arguments));
        try
        {
            await session.WaitUntilReadyAsync(target, connectTimeout + LoginTime, cancellation).ConfigureAwait(false);
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    public Task WaitForEndAsync(CancellationToken cancellation) => _process.WaitForExitAsync(cancellation);

    public void Dispose()
    {
        // Not asked but killed: it has nothing to put in order, and the far end sees the connection go.
        ChildProcesses.End(_process);
        _process.Dispose();
    }

    private static Process Start(IReadOnlyList<string> arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo("ssh", arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        }
        catch (Win32Exception failure)
        {
            throw new ProviderException(FailureKind.Permanent, $"the program 'ssh' cannot be run: {failure.Message}", failure);
        }
    }

    private async Task WaitUntilReadyAsync(SshTarget target, TimeSpan patience, CancellationToken cancellation)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        ending.CancelAfter(patience);
        try
        {
            // A login shell may greet first.
            while (await _process.StandardOutput.ReadLineAsync(ending.Token).ConfigureAwait(false) is { } line)
            {
                if (line == SshArguments.Ready)
                {
                    return;
                }
            }

            await _process.WaitForExitAsync(ending.Token).ConfigureAwait(false);
            await _errorRead.WaitAsync(ending.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            cancellation.ThrowIfCancellationRequested();
            throw new ProviderException(FailureKind.Transient, $"{target}: no login within {patience.TotalSeconds:0} s");
        }

        throw SshFailure.Of(target, _error.Length > 0 ? _error.ToString() : $"ssh ended with exit code {_process.ExitCode} and no words");
    }

    private async Task ReadErrorAsync()
    {
        var buffer = new char[1024];
        while (await _process.StandardError.ReadAsync(buffer).ConfigureAwait(false) is var count && count > 0)
        {
            _error.Append(buffer, 0, Math.Min(count, ErrorCharsMax - _error.Length));
        }
    }
}
