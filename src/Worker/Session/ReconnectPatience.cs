namespace Weft.Worker;

/// <summary>How long, and how often, a scheduler is looked for: longer at each attempt, up to two seconds.</summary>
internal sealed class ReconnectPatience(TimeSpan deathTimeout, TimeSpan reconnectTimeout, TimeProvider time)
{
    private const int DelayMsFirst = 50;
    private const int DelayMsMax = 2000;

    private long? _since = time.GetTimestamp();
    private bool _wasConnected;
    private int _delayMs = DelayMsFirst;

    private TimeSpan Limit => _wasConnected ? reconnectTimeout : deathTimeout;

    /// <summary>A scheduler was there: counting begins anew, from its loss.</summary>
    public void Reset()
    {
        _wasConnected = true;
        _delayMs = DelayMsFirst;
        _since = null;
    }

    /// <summary>How long to wait before the next attempt; null when patience is at its end.</summary>
    public TimeSpan? NextDelay()
    {
        _since ??= time.GetTimestamp();
        var left = Limit == Timeout.InfiniteTimeSpan ? double.MaxValue : (Limit - time.GetElapsedTime(_since.Value)).TotalMilliseconds;
        if (left <= 0)
        {
            return null;
        }

        var delay = TimeSpan.FromMilliseconds(Math.Min(_delayMs, left));
        _delayMs = Math.Min(2 * _delayMs, DelayMsMax);
        return delay;
    }

    public WorkerEnd GiveUp(string problem) => _wasConnected
        ? new WorkerEnd(WorkerEndReason.SchedulerLost, $"The scheduler was lost and not found again within {reconnectTimeout}: {problem}")
        : new WorkerEnd(WorkerEndReason.SchedulerNotFound, $"No scheduler was found within {deathTimeout}: {problem}");
}
