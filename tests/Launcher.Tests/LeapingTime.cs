using System.Collections.Concurrent;

namespace Weft.Launcher.Tests;

/// <summary>A clock for one waiter: when it waits, the time it waits for has passed.</summary>
internal sealed class LeapingTime : TimeProvider
{
    private long _now;

    public TimeSpan Elapsed => TimeSpan.FromTicks(Interlocked.Read(ref _now));

    /// <summary>How long was waited each time.</summary>
    public ConcurrentQueue<TimeSpan> Waits { get; } = [];

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _now);

    public void Leap(TimeSpan time) => Interlocked.Add(ref _now, time.Ticks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Waits.Enqueue(dueTime);
        Leap(dueTime);

        // Never within the call: whoever makes a timer keeps it first.
        return System.CreateTimer(callback, state, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }
}
