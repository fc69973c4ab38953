using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>
/// Has a connection that broke followed by another on the same port, until this is disposed: a network is away for a while, a laptop sleeps, and whoever was given the port goes on using it. Nobody is told of
/// failures: those who connect meanwhile see that nobody listens.
/// </summary>
internal sealed class KeptForward : IAsyncDisposable
{
    /// <summary>Before the first try; twice as long before each further one.</summary>
    private static readonly TimeSpan PauseMin = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _ending = new();
    private readonly Func<CancellationToken, Task<IHeldConnection>> _open;
    private readonly TimeProvider _time;
    private readonly Task _keeping;

    /// <param name="first">The connection that is there now; it is disposed here.</param>
    /// <param name="open">Opens another, on the same port.</param>
    /// <param name="time">Measures pauses.</param>
    public KeptForward(IHeldConnection first, Func<CancellationToken, Task<IHeldConnection>> open, TimeProvider time)
    {
        (_open, _time) = (open, time);
        _keeping = KeepAsync(first);
    }

    /// <summary>Completes when the connection has been ended, and no other is being opened.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        await _keeping.ConfigureAwait(false);
        _ending.Dispose();
    }

    private async Task KeepAsync(IHeldConnection connection)
    {
        var pause = PauseMin;
        try
        {
            while (true)
            {
                var began = _time.GetTimestamp();
                using (connection)
                {
                    await connection.WaitForEndAsync(_ending.Token).ConfigureAwait(false);
                }

                // One that breaks as soon as it is there is not tried again at once, time after time.
                pause = _time.GetElapsedTime(began) > PauseMax ? PauseMin : pause;
                (connection, pause) = await OpenAgainAsync(pause).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // Disposed.
        }
    }

    private async Task<(IHeldConnection Connection, TimeSpan NextPause)> OpenAgainAsync(TimeSpan pause)
    {
        while (true)
        {
            await Task.Delay(pause, _time, _ending.Token).ConfigureAwait(false);
            pause = pause * 2 < PauseMax ? pause * 2 : PauseMax;
            try
            {
                return (await _open(_ending.Token).ConfigureAwait(false), pause);
            }
            catch (ProviderException)
            {
                // Still away. A refusal, too, may end: a key that an agent has again, a port that another gives back.
            }
        }
    }
}
