using Weft.Primitives;

namespace Weft.Worker;

/// <summary>
/// Where one thread shows which attempt it runs: the attempt and below it the task, or zero and anything. Written with plain stores, because
/// the reader that counts comes after the death of the process, when all that was stored is there in the order of the program.
/// </summary>
internal readonly unsafe struct RunningEntry(ulong* place)
{
    private readonly ulong* _place = place;

    /// <summary>Shows nothing to nobody.</summary>
    public static RunningEntry None => default;

    /// <summary>The thread begins a task. What it ran before was of the same attempt, or has been hidden.</summary>
    public void Show(TaskId task, Attempt attempt)
    {
        if (_place != null)
        {
            _place[1] = task.Value;
            Volatile.Write(ref _place[0], attempt.Value);
        }
    }

    public void Hide()
    {
        if (_place != null)
        {
            Volatile.Write(ref _place[0], Attempt.None.Value);
        }
    }
}
