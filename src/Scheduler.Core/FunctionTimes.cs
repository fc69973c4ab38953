namespace Weft.Scheduler.Core;

/// <summary>What is known of each function: how long its tasks run and how large their results are, as moving means of integers.</summary>
internal sealed class FunctionTimes
{
    /// <summary>The longest duration that is believed, about a century: sums of it do not overflow.</summary>
    private const long DurationNsMax = long.MaxValue / 4;

    private long[] _meanNs = [];
    private long[] _meanBytes = [];

    /// <summary>Mean duration of a task, or -1 when none has ended.</summary>
    public long MeanNs(int function) => function < _meanNs.Length ? _meanNs[function] - 1 : -1;

    public long MeanBytes(int function) => function < _meanBytes.Length ? _meanBytes[function] : 0;

    public void Record(int function, long count, long durationNs, long bytes)
    {
        if (function >= _meanNs.Length)
        {
            Array.Resize(ref _meanNs, Math.Max(function + 1, _meanNs.Length * 2));
            Array.Resize(ref _meanBytes, _meanNs.Length);
        }

        var ns = (Math.Clamp(durationNs, 0, DurationNsMax) / count) + 1;
        var size = bytes / count;
        var known = _meanNs[function] != 0;

        // Half the old, half the new: two batches after a change the estimate has followed it.
        _meanNs[function] = known ? (_meanNs[function] + ns + 1) / 2 : ns;
        _meanBytes[function] = known ? (_meanBytes[function] + size) / 2 : size;
    }
}
