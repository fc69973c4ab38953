using Weft.Primitives;

namespace Weft.Worker.Core;

/// <summary>
/// What one step of the core wants done. The shell carries it out after the step, kind by kind in the order in which the kinds stand
/// here: values are kept before what needs them runs, and freed last. Reports are collected until the shell takes them.
/// </summary>
public sealed class WorkerActionList
{
    private WorkerReports _spare = new();

    /// <summary>Put these values into the store.</summary>
    public List<KeepValues> Keeps { get; } = [];

    public List<RunAttempts> Runs { get; } = [];

    /// <summary>Attempts that waited inside and have a slot again.</summary>
    public List<ResumeAttempt> Resumes { get; } = [];

    /// <summary>Running attempts whose token is to be cancelled.</summary>
    public List<AttemptRun> Cancels { get; } = [];

    /// <summary>Slots that should report what ended and give back what has not begun (<see cref="AttemptsYielded"/>).</summary>
    public List<int> Yields { get; } = [];

    public List<FetchValues> Fetches { get; } = [];

    /// <summary>Values to be dropped from the store.</summary>
    public List<TaskRun> Frees { get; } = [];

    public WorkerReports Reports { get; private set; } = new();

    public bool HasOrders =>
        Runs.Count + Resumes.Count + Cancels.Count + Yields.Count + Fetches.Count + Frees.Count + Keeps.Count > 0;

    /// <summary>Forgets the orders, which have been carried out. Reports stay.</summary>
    public void ClearOrders()
    {
        Keeps.Clear();
        Runs.Clear();
        Resumes.Clear();
        Cancels.Clear();
        Yields.Clear();
        Fetches.Clear();
        Frees.Clear();
    }

    /// <summary>The reports so far; the next ones go to an empty list. Give the taken one back with <see cref="Recycle"/>.</summary>
    public WorkerReports TakeReports()
    {
        var taken = Reports;
        Reports = _spare;
        _spare = new WorkerReports();
        return taken;
    }

    public void Recycle(WorkerReports reports)
    {
        reports.Clear();
        _spare = reports;
    }
}

/// <summary>Put these values into the store.</summary>
public readonly record struct KeepValues(TaskRun Run, ByteColumn Values);

/// <summary>Run these members of the assignment, in order, on this slot.</summary>
public readonly record struct RunAttempts(int Slot, Assignment Assignment, TaskRun Run);

public readonly record struct ResumeAttempt(int Slot, TaskId Task, Attempt Attempt);

/// <summary>Ask this peer for these results.</summary>
public readonly record struct FetchValues(long Fetch, Peer Peer, TaskId[] Tasks);
