using Weft.Worker;

namespace Weft.Launcher;

/// <summary>A worker process is to leave.</summary>
/// <param name="Order">What it is told.</param>
/// <param name="Limit">Of the whole, from the order on; null: it may take as long as it takes.</param>
/// <param name="EndAtMs">When it is ended in any case, by <see cref="Environment.TickCount64"/>.</param>
internal sealed record Departure(LeaveOrder Order, TimeSpan? Limit, long EndAtMs)
{
    /// <summary>For the goodbye after the worker's own deadline, before the supervisor's.</summary>
    private static readonly TimeSpan FarewellMax = TimeSpan.FromSeconds(10);

    public static Departure Within(string reason, TimeSpan? limit)
    {
        if (limit is not { } time)
        {
            return new Departure(LeaveOrder.Within(reason, null), null, LeaveOrder.NoDeadlineMs);
        }

        var farewell = time / 4 < FarewellMax ? time / 4 : FarewellMax;
        return new Departure(LeaveOrder.Within(reason, time - farewell), limit, Environment.TickCount64 + (long)time.TotalMilliseconds);
    }
}
