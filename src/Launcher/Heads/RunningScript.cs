using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>A script that runs on a head until it is disposed, or this process ends, however it ends: its input ends then. Not thread safe.</summary>
internal sealed class RunningScript : IAsyncDisposable
{
    /// <summary>For the script to see that its input has ended, and to end by that.</summary>
    private static readonly TimeSpan EndGrace = TimeSpan.FromSeconds(1);

    private readonly CompanionProcess _shell;
    private bool _isDisposed;

    private RunningScript(CompanionProcess shell) => _shell = shell;

    /// <param name="program">A shell, or what leads to one.</param>
    /// <param name="arguments">Handed over as they are.</param>
    /// <param name="input">What it reads first.</param>
    /// <exception cref="ProviderException">There is no such program.</exception>
    public static async Task<RunningScript> StartAsync(string program, IReadOnlyList<string> arguments, string input)
    {
        var script = new RunningScript(CompanionProcess.Start(program, arguments));
        await script.WriteAsync(input).ConfigureAwait(false);
        return script;
    }

    /// <summary>The next line that it prints.</summary>
    /// <exception cref="ProviderException">It has ended instead; with its last words.</exception>
    public async Task<string> ReadLineAsync(CancellationToken cancellation) =>
        await _shell.ReadLineAsync(cancellation).ConfigureAwait(false)
        ?? throw new ProviderException(FailureKind.Transient, (await _shell.EndAsync(cancellation).ConfigureAwait(false)).Complaint);

    /// <summary>Gives it something to read. One that has ended already does not: whoever reads from it is told.</summary>
    public Task WriteAsync(string input) => _shell.WriteAsync(input);

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        _shell.CloseInput();
        using var patience = new CancellationTokenSource(EndGrace);
        await _shell.WaitForEndAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _shell.Dispose();
    }
}
