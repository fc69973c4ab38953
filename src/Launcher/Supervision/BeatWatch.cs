namespace Weft.Launcher;

/// <summary>
/// When a worker process is hung: its beat has stood still for a whole lease, while the supervisor itself was awake to see it. A process that
/// somebody has stopped is given another lease to be continued.
/// </summary>
/// <param name="lease">How long a beat may stand still.</param>
/// <param name="startedMs">When the process was started; all times are by one clock.</param>
internal sealed class BeatWatch(TimeSpan lease, long startedMs)
{
    /// <summary>A process that is being started, on a busy host and from a slow file system, has so many leases until its first beat.</summary>
    private const int StartLeases = 10;

    /// <summary>
    /// Between two looks, which are 200 ms apart. More of it, and the supervisor was stopped or its host was suspended, and the workers with it.
    /// </summary>
    private readonly long _jumpMs = (long)Math.Clamp(lease.TotalMilliseconds / 2, 600, 2000);

    private readonly long _leaseMs = (long)lease.TotalMilliseconds;
    private long _beats;
    private long _lookedMs = startedMs;
    private long _sinceMs = startedMs;
    private bool _isExtended;

    /// <summary>Since the last beat that was seen, less the time in which nobody looked.</summary>
    public TimeSpan StoodStill => TimeSpan.FromMilliseconds(_lookedMs - _sinceMs);

    /// <param name="nowMs">Now.</param>
    /// <param name="beats">The process's beats so far.</param>
    /// <param name="isStopped">Whether somebody has stopped the process; asked when it matters.</param>
    public bool IsHung(long nowMs, long beats, Func<bool> isStopped)
    {
        var hasSlept = nowMs - _lookedMs > _jumpMs;
        _lookedMs = nowMs;
        if (beats != _beats || hasSlept)
        {
            _isExtended &= beats == _beats;
            _beats = beats;
            _sinceMs = nowMs;
            return false;
        }

        if (nowMs - _sinceMs <= (beats == 0 ? StartLeases * _leaseMs : _leaseMs))
        {
            return false;
        }

        if (!_isExtended && isStopped())
        {
            _isExtended = true;
            _sinceMs = nowMs;
            return false;
        }

        return true;
    }
}
