using Weft.Primitives;

namespace Weft.Scheduler.Core;

/// <summary>What can happen to one task.</summary>
public enum TaskCause : byte
{
    Wanted,
    Cancelled,
    Retried,
    ReleasedByClient,
    Started,
    Completed,
    AttemptFailed,
    GivenBack,
    NotGivenBack,
    MissedByWorker,
    HeldByWorker,
    WorkerLost,
    InputDone,
    InputFailed,
    InputLost,

    /// <summary>The cluster was restarted.</summary>
    Restarted,
}

/// <summary>How often each cause met a task in each phase.</summary>
public sealed class PhaseCauseCounts
{
    private static readonly int Causes = Enum.GetValues<TaskCause>().Length;
    private readonly long[] _counts = new long[Enum.GetValues<TaskPhase>().Length * Causes];

    public long this[TaskPhase phase, TaskCause cause] => _counts[((int)phase * Causes) + (int)cause];

    internal void Add(TaskPhase phase, TaskCause cause) => _counts[((int)phase * Causes) + (int)cause]++;
}
