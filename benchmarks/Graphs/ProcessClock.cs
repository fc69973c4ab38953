namespace Weft.Graphs;

/// <summary>Adds up the processor time of some processes, between each Resume and Pause.</summary>
internal sealed class ProcessClock(IReadOnlyList<int> processes)
{
    private double _resumedAt;
    private double _total;

    /// <summary>Null when there is no process to watch, or this system does not tell.</summary>
    public double? Seconds => processes.Count > 0 && Now() is not null ? _total : null;

    public void Resume() => _resumedAt = Now() ?? 0;

    public void Pause() => _total += (Now() ?? 0) - _resumedAt;

    private double? Now()
    {
        var sum = 0.0;
        foreach (var process in processes)
        {
            if (ProcessUsage.CpuSeconds(process) is not { } seconds)
            {
                return null;
            }

            sum += seconds;
        }

        return sum;
    }
}
