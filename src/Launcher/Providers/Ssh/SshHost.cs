using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>One host: all that is asked of it goes over one connection, which is opened when it is needed, and again when it broke. Calls may overlap.</summary>
/// <param name="target">The host, complete.</param>
/// <param name="settings">How it is logged in to.</param>
/// <param name="newSocket">Names the socket of a new connection, in a private folder; null: connections cannot be shared here.</param>
/// <param name="time">Measures the pause after a failure.</param>
internal sealed class SshHost(SshTarget target, SshSettings settings, Func<string?> newSocket, TimeProvider time) : IAsyncDisposable
{
    /// <summary>A server lets ten sessions share a connection by default, and ours holds one.</summary>
    private const int SessionsMax = 8;

    private readonly SemaphoreSlim _opening = new(1);
    private readonly SemaphoreSlim _sessions = new(SessionsMax);
    private SshSession? _session;
    private string? _socket;
    private ProviderException? _failure;
    private long _failedAt;

    public SshTarget Target => target;

    public SshArguments Arguments { get; } = new(settings, target);

    public override string ToString() => target.ToString();

    /// <summary>Runs a script by <c>/bin/sh</c>, in the user's home.</summary>
    /// <param name="script">What the shell runs.</param>
    /// <param name="input">What the script reads; null: nothing.</param>
    /// <param name="timeout">How long it may take.</param>
    /// <param name="cancellation">Waits no longer. What runs there goes on, unless it has a mark and is ended by that.</param>
    /// <param name="mark">See <see cref="RemoteScript.End"/>.</param>
    /// <exception cref="ProviderException">The host could not be reached, or the connection broke.</exception>
    public async Task<CommandResult> RunAsync(string script, string? input, TimeSpan timeout, CancellationToken cancellation, string? mark = null)
    {
        var socket = await ConnectAsync(cancellation).ConfigureAwait(false);
        var result = await RunAsync("ssh", Arguments.Run(socket, RemoteScript.FromInput(mark)), RemoteScript.Input(script, input), timeout, cancellation).ConfigureAwait(false);
        // The same code as a script's own; but then the connection is still there.
        if (result.ExitCode == SshFailure.ExitCode && (_session is not { HasEnded: false } || result.Error.StartsWith("ssh: ", StringComparison.Ordinal)))
        {
            throw SshFailure.Of(target, result.Error.Length > 0 ? result.Error : "the connection broke");
        }

        return result;
    }

    /// <summary>Runs a program here that uses the connection: <c>ssh</c>, <c>rsync</c>.</summary>
    /// <exception cref="ProviderException">It took too long.</exception>
    public async Task<CommandResult> RunAsync(string program, IReadOnlyList<string> arguments, string? input, TimeSpan timeout, CancellationToken cancellation)
    {
        await _sessions.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return await ExternalCommand.RunAsync(program, arguments, input, timeout, cancellation).ConfigureAwait(false);
        }
        catch (ProviderException failure) when (failure.Kind == FailureKind.Transient)
        {
            await ForgetConnectionAsync().ConfigureAwait(false);
            throw new ProviderException(FailureKind.Transient, $"{target}: {program} got no answer within {timeout.TotalSeconds:0} s", failure);
        }
        finally
        {
            _sessions.Release();
        }
    }

    /// <summary>Sees to it that there is a connection.</summary>
    /// <returns>Its socket, for <see cref="Arguments"/>.</returns>
    /// <exception cref="ProviderException">The host could not be reached.</exception>
    public async Task<string?> ConnectAsync(CancellationToken cancellation)
    {
        await _opening.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (_session is { HasEnded: false })
            {
                return _socket;
            }

            if (_failure is { } before && time.GetElapsedTime(_failedAt) < settings.RetryPause)
            {
                throw new ProviderException(before.Kind, before.Message, before);
            }

            return await OpenAsync(cancellation).ConfigureAwait(false);
        }
        finally
        {
            _opening.Release();
        }
    }

    public async ValueTask DisposeAsync() => await ForgetConnectionAsync().ConfigureAwait(false);

    private async Task<string?> OpenAsync(CancellationToken cancellation)
    {
        _session?.Dispose();
        _session = null;
        _socket = newSocket();
        try
        {
            _session = await SshSession.OpenAsync(target, Arguments.Connect(_socket), settings.ConnectTimeout, cancellation).ConfigureAwait(false);
            _failure = null;
            return _socket;
        }
        catch (ProviderException failure)
        {
            _failure = failure;
            _failedAt = time.GetTimestamp();
            throw;
        }
    }

    private async Task ForgetConnectionAsync()
    {
        await _opening.WaitAsync().ConfigureAwait(false);
        _session?.Dispose();
        _session = null;
        _opening.Release();
    }
}
