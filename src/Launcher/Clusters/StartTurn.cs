using System.Globalization;
using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>
/// One <c>weft up</c> of a cluster at a time, wherever they are asked for: what one brings to the head is not mixed with what another brings, one of them launches the head, and the others find it.
/// A lock of the head's machine, held by a process there that ends with this one, or when nothing is heard of it any more. Where there are no such locks starts take no turns.
/// </summary>
internal sealed class StartTurn : IAsyncDisposable
{
    /// <summary>A laptop that was closed breaks no connection.</summary>
    private static readonly TimeSpan UsualPatience = TimeSpan.FromMinutes(1);

    private const int BeatsInPatience = 6;

    private const string Waits = "weft-waits";

    private const string Holds = "weft-holds";

    private readonly RunningScript _script;
    private readonly CancellationTokenSource _over = new();
    private readonly Task _beats;

    private StartTurn(RunningScript script, TimeSpan beat)
    {
        _script = script;
        _beats = BeatAsync(beat);
    }

    /// <summary>Completes when it is this start's turn. The one before has bounds of its own.</summary>
    /// <param name="head">Where the cluster's head is.</param>
    /// <param name="cluster">Its name.</param>
    /// <param name="say">Takes lines for people.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <param name="patience">For a start of which nothing is heard; null: a minute.</param>
    /// <returns>Dispose it for the next one's turn.</returns>
    /// <exception cref="ProviderException">The head's machine could not be reached.</exception>
    public static async Task<StartTurn> TakeAsync(IHeadHost head, string cluster, Action<string> say, CancellationToken cancellation, TimeSpan? patience = null)
    {
        var believed = patience ?? UsualPatience;
        var turn = new StartTurn(await head.StartAsync(Script(cluster, believed), cancellation).ConfigureAwait(false), believed / BeatsInPatience);
        try
        {
            while (await turn._script.ReadLineAsync(cancellation).ConfigureAwait(false) is var line && line != Holds)
            {
                if (line == Waits)
                {
                    say($"another start of cluster {cluster} is under way; waiting for it.");
                }
            }

            return turn;
        }
        catch (ProviderException failure)
        {
            await turn.DisposeAsync().ConfigureAwait(false);
            throw new ProviderException(failure.Kind, $"{head.Name}: {failure.Message}", failure);
        }
        catch
        {
            await turn.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync().ConfigureAwait(false);
        await _beats.ConfigureAwait(false);
        await _script.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>
    /// With flock(1), of which 1 means that another has it. Not in the cluster's folder: that is removed with what a start has failed to bring up, while others wait.
    /// </summary>
    internal static string Script(string cluster, TimeSpan patience) =>
        $"""
        umask 077
        lock={ShellText.QuotePath($"{RemoteScript.Folder}/{cluster}.lock")}
        if mkdir -p "$(dirname "$lock")" && true > "$lock"; then
            exec 9> "$lock"
            flock -n 9
            if [ $? -eq 1 ]; then
                echo {Waits}
                flock 9
            fi
        fi
        echo {Holds}
        while [ -n "$(timeout {patience.TotalSeconds.ToString(CultureInfo.InvariantCulture)} dd bs=1 count=1 2> /dev/null)" ]; do :; done

        """;

    private async Task BeatAsync(TimeSpan beat)
    {
        while (!_over.IsCancellationRequested)
        {
            await _script.WriteAsync(".").ConfigureAwait(false);
            await Task.Delay(beat, _over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
