namespace Weft.Worker;

/// <summary>
/// Beats on a life page for as long as the worker's control loop moves: the pool's threads come to run, the session's lock can be had, and its
/// writer gets on. User code that keeps all slots busy does not hinder it. With each beat it reads the memory of this process.
/// </summary>
public sealed class LifeBeat : IAsyncDisposable
{
    /// <summary>Several to each heartbeat; and as often as Dask looks at memory, which tasks may fill within a second.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly LifePage? _page;
    private readonly Func<bool> _moves;
    private readonly Action<long>? _measured;
    private readonly Timer _timer;
    private int _isLooking;

    /// <param name="page">Where to beat; null: nowhere.</param>
    /// <param name="moves">Whether the control loop moves; it may also not return.</param>
    /// <param name="measured">Takes the memory of this process at each beat; it may take its time, during which no beat is due.</param>
    public LifeBeat(LifePage? page, Func<bool> moves, Action<long>? measured = null)
    {
        _page = page;
        _moves = moves;
        _measured = measured;
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
                var bytes = Environment.WorkingSet;
                _page?.Beat(bytes);
                _measured?.Invoke(bytes);
            }

            Volatile.Write(ref _isLooking, 0);
        }
    }
}
