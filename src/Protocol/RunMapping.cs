using Weft.Primitives;
using Weft.Protocol.V1;

namespace Weft.Protocol;

/// <summary>Runs of tasks to and from the wire. What a peer sent is checked here, once: a core never sees a run that wraps around.</summary>
public static class RunMapping
{
    public static Run ToMessage(this TaskRun run) => new() { First = run.First.Value, Count = (uint)run.Count };

    public static AttemptRun ToMessage(this TaskRun run, Attempt attempt) =>
        new() { First = run.First.Value, Count = (uint)run.Count, Attempt = attempt.Value };

    public static bool TryRead(Run message, out TaskRun run) => TryRead(message.First, message.Count, out run);

    public static bool TryRead(AttemptRun message, out TaskRun run) => TryRead(message.First, message.Count, out run);

    /// <summary>Cuts a run into such as a message may speak of.</summary>
    public static IEnumerable<TaskRun> Split(TaskRun run)
    {
        while (run.Count > Limits.SubmissionTasksMax)
        {
            yield return run.Slice(0, Limits.SubmissionTasksMax);
            run = run.Slice(Limits.SubmissionTasksMax, run.Count - Limits.SubmissionTasksMax);
        }

        yield return run;
    }

    /// <summary>False for an empty run, one longer than a submission can be, and one that leaves its session.</summary>
    public static bool TryRead(ulong first, uint count, out TaskRun run)
    {
        var id = new TaskId(first);
        if (count is 0 or > Limits.SubmissionTasksMax || id.Sequence + count - 1 > TaskId.SequenceMax)
        {
            run = default;
            return false;
        }

        run = new TaskRun(id, (int)count);
        return true;
    }
}
