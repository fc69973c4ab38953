namespace Weft.Graphs;

/// <summary>What the processes of a cluster on this host use while a graph runs: processor time over all repeats, memory over the first.</summary>
public sealed class ProcessWatch
{
    private readonly int? _scheduler;
    private readonly ProcessClock _schedulerTime;
    private readonly ProcessClock _workerTime;
    private readonly ProcessClock _clientTime;
    private long _memoryBefore;
    private long? _memoryGrowth;

    /// <param name="scheduler">The scheduler's process, if it is one of its own and on this host.</param>
    /// <param name="workers">Those of workers that are.</param>
    /// <param name="client">This process, if it is only a client.</param>
    public ProcessWatch(int? scheduler = null, IReadOnlyList<int>? workers = null, int? client = null)
    {
        _scheduler = scheduler;
        _schedulerTime = new ProcessClock(scheduler is { } process ? [process] : []);
        _workerTime = new ProcessClock(workers ?? []);
        _clientTime = new ProcessClock(client is { } own ? [own] : []);
    }

    internal void Begin() => _memoryBefore = _scheduler is { } process ? ProcessUsage.ResidentBytes(process) ?? 0 : 0;

    internal void Resume()
    {
        _schedulerTime.Resume();
        _workerTime.Resume();
        _clientTime.Resume();
    }

    internal void Pause()
    {
        _schedulerTime.Pause();
        _workerTime.Pause();
        _clientTime.Pause();
        if (_memoryGrowth is null && _scheduler is { } process && ProcessUsage.ResidentBytes(process) is { } now)
        {
            _memoryGrowth = now - _memoryBefore;
        }
    }

    internal ProcessSummary Summary(long tasksRun, int tasksHeld)
    {
        return new ProcessSummary(
            _schedulerTime.Seconds,
            PerTask(_schedulerTime),
            PerTask(_workerTime),
            PerTask(_clientTime),
            (double?)_memoryGrowth / tasksHeld);

        double? PerTask(ProcessClock clock) => clock.Seconds * 1e6 / tasksRun;
    }
}
