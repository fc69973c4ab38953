using System.Globalization;

namespace Weft.Worker;

/// <summary>
/// When a worker pauses for its memory, and when it goes on. A figure above the threshold is believed when a collection of garbage does not lower it, or when
/// the last one was just now; while the worker is paused, collections go on, because nothing else gives back what was let go of. One caller at a time.
/// </summary>
internal sealed class MemoryPause
{
    /// <summary>Of the threshold. Between the two nothing changes, so that a worker at the threshold does not pause and go on all the time.</summary>
    private const double GoesOnBelow = 0.95;

    /// <summary>Between collections, in lengths of the last one: they take a fifth of the time at most.</summary>
    private const int RestPerCollection = 4;

    /// <summary>A worker that is paused makes hardly any garbage.</summary>
    private static readonly TimeSpan RestMinPaused = TimeSpan.FromSeconds(1);

    private readonly long _limitBytes;
    private readonly long _pausesFrom;
    private readonly long _goesOnBelow;
    private readonly Func<long> _collect;
    private readonly TimeProvider _time;
    private TimeSpan _rest;
    private long _collectedAt;

    /// <param name="limitBytes">Of the process.</param>
    /// <param name="fraction">Of the limit: from it on the worker pauses.</param>
    /// <param name="collect">Collects garbage, gives back what it can to the system, and tells what the process holds then.</param>
    /// <param name="time">The clock.</param>
    public MemoryPause(long limitBytes, double fraction, Func<long> collect, TimeProvider time)
    {
        (_limitBytes, _collect, _time) = (limitBytes, collect, time);
        _pausesFrom = (long)(limitBytes * fraction);
        _goesOnBelow = (long)(_pausesFrom * GoesOnBelow);
    }

    public bool IsPaused { get; private set; }

    /// <summary>Looks at what the process holds now.</summary>
    /// <param name="bytes">As it was measured.</param>
    /// <param name="storedBytes">Of that, results; for the line.</param>
    /// <returns>A line for people when something has changed; else null.</returns>
    public string? Look(long bytes, long storedBytes)
    {
        var bound = IsPaused ? _goesOnBelow : _pausesFrom;
        if (bytes >= bound && IsCollectionDue)
        {
            bytes = Collect();
        }

        if (bytes >= bound == IsPaused)
        {
            return null;
        }

        IsPaused = !IsPaused;
        return IsPaused
            ? Line($"it holds {Mib(bytes)} MiB of memory, {Mib(storedBytes)} MiB of it results, and its limit is {Mib(_limitBytes)} MiB: it begins nothing until it holds less than {Mib(_goesOnBelow)} MiB.")
            : Line($"it holds {Mib(bytes)} MiB of memory: it goes on.");
    }

    /// <summary>Collects all garbage of this process, unused memory of values with it, and gives the memory back to the system.</summary>
    public static long CollectHere()
    {
        ValuePool.Empty();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return Environment.WorkingSet;
    }

    private bool IsCollectionDue
    {
        get
        {
            var rested = _time.GetElapsedTime(_collectedAt);
            return rested >= _rest && (!IsPaused || rested >= RestMinPaused);
        }
    }

    private long Collect()
    {
        var began = _time.GetTimestamp();
        var bytes = _collect();
        _collectedAt = _time.GetTimestamp();
        _rest = RestPerCollection * _time.GetElapsedTime(began, _collectedAt);
        return bytes;
    }

    private static string Line(FormattableString line) => line.ToString(CultureInfo.InvariantCulture);

    private static long Mib(long bytes) => bytes >> 20;
}
