namespace Weft.Launcher;

/// <summary>How long each worker process lives before it leaves by itself: a queue's time limit, or a leak that nobody finds.</summary>
/// <param name="Length">From its start.</param>
/// <param name="Stagger">Each process lives up to so much shorter or longer, so that not all leave at once.</param>
/// <param name="Restarts">Another is started in its place.</param>
public sealed record WorkerLifetime(TimeSpan Length, TimeSpan Stagger, bool Restarts)
{
    /// <summary>Of one process: evenly spread, and never below zero.</summary>
    public TimeSpan Draw(Random random)
    {
        var length = Length + (Stagger * ((2 * random.NextDouble()) - 1));
        return length > TimeSpan.Zero ? length : TimeSpan.Zero;
    }
}
