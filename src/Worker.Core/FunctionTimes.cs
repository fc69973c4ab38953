namespace Weft.Worker.Core;

/// <summary>Mean durations of the functions seen here, and how many of their tasks make a chunk.</summary>
internal sealed class FunctionTimes(WorkerCoreLimits limits)
{
    /// <summary>The weight of a new measurement is 1/4: a first run with its compilation is forgotten after a few dozen.</summary>
    private const int Smoothing = 4;

    private readonly Dictionary<uint, long> _meanNs = [];

    public void Observe(uint function, long durationNs, int count)
    {
        var sample = Math.Max(1, Math.Max(0, durationNs) / count);
        _meanNs[function] = _meanNs.TryGetValue(function, out var mean) ? Math.Max(1, mean + ((sample - mean) / Smoothing)) : sample;
    }

    public long? MeanNs(uint function) => _meanNs.TryGetValue(function, out var mean) ? mean : null;

    /// <summary>How many of <paramref name="available"/> tasks one of <paramref name="slots"/> slots takes at once.</summary>
    public int ChunkOf(uint function, int available, int slots)
    {
        if (!_meanNs.TryGetValue(function, out var mean))
        {
            return 1;
        }

        var byTime = Math.Clamp(limits.ChunkNs / mean, 1, limits.ChunkTasksMax);

        // Slots share what there is: without this the last chunk of a range would run on one slot while the others are idle.
        var share = (available + slots - 1) / slots;
        return (int)Math.Min(byTime, share);
    }
}
