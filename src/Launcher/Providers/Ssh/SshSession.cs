using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>
/// A child <c>ssh</c> that holds a connection open, for others to share or for a forward to go through, until it is disposed or this process ends, however it ends: see <see cref="SshArguments.Connect"/>.
/// </summary>
internal sealed class SshSession : IHeldConnection
{
    /// <summary>Beyond the connect timeout: for the login, which asks other services at some sites.</summary>
    private static readonly TimeSpan LoginTime = TimeSpan.FromSeconds(20);

    private readonly CompanionProcess _ssh;

    private SshSession(CompanionProcess ssh) => _ssh = ssh;

    public bool HasEnded => _ssh.HasEnded;

    /// <summary>Completes when the host has let us in.</summary>
    /// <exception cref="ProviderException">It has not; with the words of <c>ssh</c>.</exception>
    public static async Task<SshSession> OpenAsync(SshTarget target, IReadOnlyList<string> arguments, TimeSpan connectTimeout, CancellationToken cancellation)
    {
        var session = new SshSession(CompanionProcess.Start("ssh", arguments));
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

    public Task WaitForEndAsync(CancellationToken cancellation) => _ssh.WaitForEndAsync(cancellation);

    /// <summary>Not asked but killed: it has nothing to put in order, and the far end sees the connection go.</summary>
    public void Dispose() => _ssh.Dispose();

    private async Task WaitUntilReadyAsync(SshTarget target, TimeSpan patience, CancellationToken cancellation)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        ending.CancelAfter(patience);
        CommandResult end;
        try
        {
            // A login shell may greet first.
            while (await _ssh.ReadLineAsync(ending.Token).ConfigureAwait(false) is { } line)
            {
                if (line == SshArguments.Ready)
                {
                    return;
                }
            }

            end = await _ssh.EndAsync(ending.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            cancellation.ThrowIfCancellationRequested();
            throw new ProviderException(FailureKind.Transient, $"{target}: no login within {patience.TotalSeconds:0} s");
        }

        throw SshFailure.Of(target, end.Error.Length > 0 ? end.Error : $"ssh ended with exit code {end.ExitCode} and no words");
    }
}
