namespace Weft.Primitives;

/// <summary>A run of tasks with neighbouring ids, all of one session: what most messages speak of.</summary>
public readonly record struct TaskRun(TaskId First, int Count)
{
    public TaskRun(TaskId single)
        : this(single, 1)
    {
    }

    /// <summary>The id after the last.</summary>
    public TaskId End => First + Count;

    public bool Contains(TaskId id) => id.Value >= First.Value && id.Value < End.Value;

    public TaskRun Slice(int offset, int count)
    {
        Invariant.Require(offset >= 0 && count >= 0 && offset + count <= Count, "a slice lies within its run");
        return new TaskRun(First + offset, count);
    }

    public override string ToString() => Count == 1 ? First.ToString() : $"{First}+{Count}";
}
