namespace Weft.Launcher.Tests;

/// <summary>A clock for one waiter: when it waits, the time it waits for has passed.</summary>
internal sealed class LeapingTime : TimeProvider
{
    private long _now;

    public TimeSpan Elapsed => TimeSpan.FromTicks(Interlocked.Read(ref _now));

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _now);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Interlocked.Add(ref _now, dueTime.Ticks);

        // Never within the call: whoever makes a timer keeps it first.
        return TimeProvider.System.CreateTimer(callback, state, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }
}
