namespace Weft.Worker;

/// <summary>
/// Beats on a life page for as long as the worker's control loop moves: the pool's threads come to run, the session's lock can be had, and its
/// writer gets on. User code that keeps all slots busy does not hinder it.
/// </summary>
public sealed class LifeBeat : IAsyncDisposable
{
    /// <summary>Several to each heartbeat.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly LifePage _page;
    private readonly Func<bool> _moves;
    private readonly Timer _timer;
    private int _isLooking;

    /// <param name="page">Where to beat.</param>
    /// <param name="moves">Whether the control loop moves; it may also not return.</param>
    public LifeBeat(LifePage page, Func<bool> moves)
    {
        _page = page;
        _moves = moves;
        _timer = new Timer(static self => ((LifeBeat)self!).Look(), this, TimeSpan.Zero, Interval);
    }

    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private void Look()
    {
        // One look at a time: of a lock that is never given back, each would keep a thread.
        if (Interlocked.Exchange(ref _isLooking, 1) == 0)
        {
            if (_moves())
            {
                _page.Beat(Environment.WorkingSet);
            }

            Volatile.Write(ref _isLooking, 0);
        }
    }
}
