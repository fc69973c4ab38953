namespace Weft.Scheduler.Tests.Scaling;

/// <summary>A clock that is moved by hand, with one timer.</summary>
internal sealed class HandTime : TimeProvider
{
    private readonly TaskCompletionSource<(long DueAt, Action Fire)> _timer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _now;

    /// <summary>Completes when somebody waits for a time.</summary>
    public Task Waiting => _timer.Task;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _now;

    public void Advance(TimeSpan by)
    {
        _now += by.Ticks;
        if (_timer.Task is { IsCompletedSuccessfully: true, Result: var timer } && timer.DueAt <= _now)
        {
            timer.Fire();
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        _timer.SetResult((_now + dueTime.Ticks, () => callback(state)));
        return new Timer();
    }

    private sealed class Timer : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
