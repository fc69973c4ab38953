namespace Weft.Worker;

/// <summary>The clock of one task with a run limit: at the limit its token is cancelled, a grace later it is given up.</summary>
internal sealed class RunLimit : IDisposable
{
    /// <summary>For the task to heed its token. After it the slot goes to others and the thread is left to the task.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly Timer _timer;
    private readonly Action<bool> _passed;
    private bool _isCancelled;

    /// <param name="limit">From now.</param>
    /// <param name="passed">Called at the limit with false, and after the grace with true.</param>
    public RunLimit(TimeSpan limit, Action<bool> passed)
    {
        _passed = passed;
        _timer = new Timer(static self => ((RunLimit)self!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(limit, Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _timer.Dispose();

    private void OnTimer()
    {
        var isOver = _isCancelled;
        _isCancelled = true;
        if (!isOver)
        {
            _timer.Change(Grace, Timeout.InfiniteTimeSpan);
        }

        _passed(isOver);
    }
}
