using Weft.Primitives;

namespace Weft.Worker.Core;

/// <summary>What the scheduler is to be told: the columns of the next batch.</summary>
public sealed class WorkerReports
{
    public List<AttemptRun> Started { get; } = [];

    public List<CompletedRun> Completed { get; } = [];

    public List<FailedTask> Failed { get; } = [];

    public List<AttemptRun> Retracted { get; } = [];

    public List<AttemptRun> NotRetracted { get; } = [];

    public List<TaskRun> Missing { get; } = [];

    public List<TaskRun> Held { get; } = [];

    public List<AttemptRun> WaitingInside { get; } = [];

    public List<AttemptRun> ResumedInside { get; } = [];

    /// <summary>The last value of <see cref="WorkerCore.Pauses"/>; 0: it is as it was.</summary>
    public ulong Pauses { get; internal set; }

    /// <summary>Roughly what it will take on the wire: bounds what is unsent.</summary>
    public long Bytes { get; private set; }

    public bool IsEmpty =>
        Started.Count + Completed.Count + Failed.Count + Retracted.Count + NotRetracted.Count
        + Missing.Count + Held.Count + WaitingInside.Count + ResumedInside.Count == 0
        && Pauses == 0;

    public void Clear()
    {
        Started.Clear();
        Completed.Clear();
        Failed.Clear();
        Retracted.Clear();
        NotRetracted.Clear();
        Missing.Clear();
        Held.Clear();
        WaitingInside.Clear();
        ResumedInside.Clear();
        Pauses = 0;
        Bytes = 0;
    }

    /// <summary>Forgets all but ends of attempts: the rest was said to a scheduler that has not heard it and would not understand it now.</summary>
    internal void KeepEnds()
    {
        Started.Clear();
        Retracted.Clear();
        NotRetracted.Clear();
        Missing.Clear();
        Held.Clear();
        WaitingInside.Clear();
        ResumedInside.Clear();
        Pauses = 0;
    }

    internal void Complete(in CompletedRun run)
    {
        Completed.Add(run);
        Bytes += 48 + run.Values.Bytes.Length + (4L * run.Values.Count) + (8L * run.StoredBytes.Length);
    }

    internal void Fail(in FailedTask task)
    {
        Failed.Add(task);
        Bytes += 64 + (2L * (task.Error.Message.Length + task.Error.StackTrace.Length)) + task.Error.Exception.Length;
    }

    /// <summary>Adds a run, joined to the last one when it goes on where that ended.</summary>
    internal static void Append(List<TaskRun> runs, TaskRun run)
    {
        if (runs.Count > 0 && runs[^1].End == run.First)
        {
            runs[^1] = new TaskRun(runs[^1].First, runs[^1].Count + run.Count);
        }
        else
        {
            runs.Add(run);
        }
    }

    /// <inheritdoc cref="Append(List{TaskRun}, TaskRun)"/>
    internal static void Append(List<AttemptRun> runs, AttemptRun run)
    {
        if (runs.Count > 0 && runs[^1].Attempt == run.Attempt && runs[^1].Run.End == run.Run.First)
        {
            runs[^1] = new AttemptRun(new TaskRun(runs[^1].Run.First, runs[^1].Run.Count + run.Run.Count), run.Attempt);
        }
        else
        {
            runs.Add(run);
        }
    }
}

/// <summary>Attempts that ended well: with their values, or with the sizes of what stays in the store.</summary>
public readonly record struct CompletedRun(AttemptRun Tasks, long DurationNs, ByteColumn Values, ReadOnlyMemory<long> StoredBytes);

public readonly record struct FailedTask(TaskId Task, Attempt Attempt, long DurationNs, TaskError Error);
