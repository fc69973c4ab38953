using Weft.Primitives;

namespace Weft.Worker.Core;

/// <summary>A chunk that a slot runs. It outlives its slot when it waits inside for a future.</summary>
internal sealed class SlotWork(Assignment assignment, TaskRun run, long arrival, long beganMs)
{
    public Assignment Assignment { get; } = assignment;

    /// <summary>Members that have not been reported; they are reported in order.</summary>
    public TaskRun Rest { get; set; } = run;

    /// <summary>Of the range it was taken from: what it gives back goes to the same place in the queue.</summary>
    public long Arrival { get; } = arrival;

    public long BeganMs { get; } = beganMs;

    /// <summary>It began under a scheduler that was lost since.</summary>
    public bool IsFromBefore { get; set; }

    public bool StartedTold { get; set; }

    /// <summary>It was asked to give back what has not begun, and has not answered yet.</summary>
    public bool YieldAsked { get; set; }

    /// <summary>It waits inside, without a slot.</summary>
    public WaitPhase Wait { get; set; }

    /// <summary>Members whose results are not wanted any more. Null: none.</summary>
    public List<TaskRun>? Cancelled { get; private set; }

    public AttemptRun Tasks => new(Rest, Assignment.Attempt);

    public void Cancel(TaskRun members) => (Cancelled ??= []).Add(members);

    public bool IsCancelled(TaskId member)
    {
        if (Cancelled is not null)
        {
            foreach (var run in Cancelled)
            {
                if (run.Contains(member))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Splits members by whether they are wanted.</summary>
    public void SplitWanted(TaskRun members, List<TaskRun> wanted, List<TaskRun> cancelled)
    {
        if (Cancelled is null)
        {
            wanted.Add(members);
            return;
        }

        for (var offset = 0; offset < members.Count; offset++)
        {
            var member = members.First + offset;
            WorkerReports.Append(IsCancelled(member) ? cancelled : wanted, new TaskRun(member));
        }
    }

    public override string ToString() => $"{Rest}@{Assignment.Attempt} since {BeganMs} ms" + (Wait == WaitPhase.None ? "" : $" {Wait}");
}

internal enum WaitPhase : byte
{
    None,

    /// <summary>Waits for a future; its slot is another's.</summary>
    Waiting,

    /// <summary>What it waited for has come; it takes the next free slot.</summary>
    CanResume,
}
