using Weft.Primitives;

namespace Weft.Client;

/// <summary>
/// Keeps a run of tasks alive at the scheduler. There is one for each submission, however many elements of it are in use: elements
/// refer to it, and when nobody does any more its finalizer lets go of the run.
/// </summary>
internal sealed class TaskHold(ClientSession session, int generation, TaskRun tasks) : IDisposable
{
    private int _isReleased;

    ~TaskHold() => ReleaseOnce();

    public ClientSession Session { get; } = session;

    public int Generation { get; } = generation;

    public TaskRun Tasks { get; } = tasks;

    public void Dispose()
    {
        ReleaseOnce();
        GC.SuppressFinalize(this);
    }

    /// <summary>Lets go of a part at once; the rest stays held.</summary>
    public void Release(TaskRun part)
    {
        if (part == Tasks)
        {
            Dispose();
        }
        else
        {
            Session.EnqueueRelease(Generation, part);
        }
    }

    private void ReleaseOnce()
    {
        if (Interlocked.Exchange(ref _isReleased, 1) == 0)
        {
            Session.EnqueueRelease(Generation, Tasks);
        }
    }
}
