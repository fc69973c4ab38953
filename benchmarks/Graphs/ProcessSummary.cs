namespace Weft.Graphs;

/// <summary>What a cluster's processes used; null where it cannot be told.</summary>
/// <param name="SchedulerCpuSeconds">Over all repeats.</param>
/// <param name="SchedulerCpuUsPerTask">Microseconds of the scheduler's processor time for each task.</param>
/// <param name="WorkersCpuUsPerTask">The same of all workers together.</param>
/// <param name="ClientCpuUsPerTask">The same of this process.</param>
/// <param name="SchedulerRssBytesPerTask">Growth of the scheduler's resident memory over the first repeat, while all of its results are held.</param>
public sealed record ProcessSummary(
    double? SchedulerCpuSeconds,
    double? SchedulerCpuUsPerTask,
    double? WorkersCpuUsPerTask,
    double? ClientCpuUsPerTask,
    double? SchedulerRssBytesPerTask)
{
    public static ProcessSummary None { get; } = new(null, null, null, null, null);
}
