namespace Weft;

/// <summary>A task has no result, for another reason than its own code's exception. Catch it to catch all such reasons.</summary>
public abstract class TaskFailedException : Exception
{
    private protected TaskFailedException(string message, string task)
        : base(message) => Task = task;

    /// <summary>The id of the task in which the failure arose, as logs and status pages show it; a dependent's error names the first cause.</summary>
    public string Task { get; }
}

/// <summary>The task ran on too many workers that died under it.</summary>
public class KilledWorkerException : TaskFailedException
{
    internal KilledWorkerException(string message, string task)
        : base(message, task)
    {
    }
}

/// <summary>The task ran on too many workers that died for want of memory.</summary>
public sealed class TaskOutOfMemoryException : KilledWorkerException
{
    internal TaskOutOfMemoryException(string message, string task)
        : base(message, task)
    {
    }
}

/// <summary>Data that cannot be made again, such as scattered values, lost its last holder.</summary>
public sealed class DataLostException : TaskFailedException
{
    internal DataLostException(string message, string task)
        : base(message, task)
    {
    }
}

/// <summary>No worker that is allowed and able to run the task came within its <see cref="TaskOptions.QueueTimeout"/>.</summary>
public sealed class NoValidWorkerException : TaskFailedException
{
    internal NoValidWorkerException(string message, string task)
        : base(message, task)
    {
    }
}

/// <summary>The task ran longer than its <see cref="TaskOptions.RunTimeout"/>.</summary>
public sealed class TaskTimeoutException : TaskFailedException
{
    internal TaskTimeoutException(string message, string task)
        : base(message, task)
    {
    }
}

/// <summary>The task's function, arguments or result could not be read or written on the worker.</summary>
public sealed class TaskSerializationException : TaskFailedException
{
    internal TaskSerializationException(string message, string task)
        : base(message, task)
    {
    }
}

/// <summary>The task was not to run twice (<see cref="TaskOptions.Idempotent"/> is false), and its run was lost.</summary>
public sealed class NotIdempotentException : TaskFailedException
{
    internal NotIdempotentException(string message, string task)
        : base(message, task)
    {
    }
}

/// <summary>The scheduler had no room for the arguments, or the scattered values. When others have been released the same can be submitted again.</summary>
public sealed class SchedulerFullException : TaskFailedException
{
    internal SchedulerFullException(string message, string task)
        : base(message, task)
    {
    }
}

/// <summary>The task's inputs do not fit into any worker's memory.</summary>
public sealed class TaskTooLargeException : TaskFailedException
{
    internal TaskTooLargeException(string message, string task)
        : base(message, task)
    {
    }
}
