using Weft.Client.Core;
using Weft.Primitives;

namespace Weft.Client;

/// <summary>Somebody who waits for tasks. Called outside of any lock, by the reader or by whoever caused the news; calls for different tasks may overlap.</summary>
internal abstract class Waiter(TaskRun tasks)
{
    public TaskRun Tasks { get; } = tasks;

    /// <summary>The next one who waits for the same single task.</summary>
    public Waiter? Next { get; set; }

    /// <summary>Whether this is about results: then a success is not the end, the value is.</summary>
    public abstract bool WantsValues { get; }

    /// <summary>News of some of the tasks.</summary>
    public abstract void OnOutcome(TaskRun tasks, FuturePhase phase, TaskFailure? failure);

    public abstract void OnValues(TaskRun tasks, ByteColumn values);
}
