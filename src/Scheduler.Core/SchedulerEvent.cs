using Weft.Primitives;

namespace Weft.Scheduler.Core;

/// <summary>Something that happened. One event is one decoded message, however many tasks it speaks of.</summary>
public abstract record SchedulerEvent;

/// <summary>A client connected and was given this session; or it came back to it.</summary>
public sealed record SessionAttached(SessionId Session) : SchedulerEvent;

/// <summary>A client's connection ended without a goodbye. The session keeps what it holds for a while.</summary>
public sealed record SessionDetached(SessionId Session) : SchedulerEvent;

/// <summary>A client's batch. Parts take effect in the order in which they stand here.</summary>
public sealed record ClientSpoke(SessionId Session) : SchedulerEvent
{
    public IReadOnlyList<ScatteredValues> Scattered { get; init; } = [];

    public IReadOnlyList<Submission> Submissions { get; init; } = [];

    public IReadOnlyList<TaskRun> Wanted { get; init; } = [];

    public IReadOnlyList<TaskRun> Cancelled { get; init; } = [];

    public IReadOnlyList<TaskRun> Retried { get; init; } = [];

    public IReadOnlyList<TaskRun> Released { get; init; } = [];

    public bool Goodbye { get; init; }
}

/// <summary>Values that a client gave ids to: done from the start.</summary>
public sealed record ScatteredValues(TaskId First, ByteColumn Values, int Holders = 0);

/// <summary>A worker process connected and is ready; or came back, after it or the scheduler was lost, with what it runs and holds.</summary>
public sealed record WorkerJoined(WorkerId Worker, WorkerDescription Description) : SchedulerEvent
{
    public IReadOnlyList<AttemptRun> Running { get; init; } = [];

    public IReadOnlyList<StoredRun> Stored { get; init; } = [];

    /// <summary>It was connected before, to this scheduler or another of the cluster.</summary>
    public bool HasPast { get; init; }

    /// <summary>How often the cluster had been restarted when it began.</summary>
    public int Restarts { get; init; }

    /// <inheritdoc cref="WorkerSpoke.Pauses"/>
    public ulong Pauses { get; init; }
}

/// <summary>Results that a worker made and holds.</summary>
public sealed record StoredRun(TaskRun Run, Attempt Attempt, IReadOnlyList<long> StoredBytes);

/// <summary>A worker's batch. Parts take effect in the order in which they stand here.</summary>
public sealed record WorkerSpoke(WorkerId Worker) : SchedulerEvent
{
    public IReadOnlyList<AttemptRun> Started { get; init; } = [];

    public IReadOnlyList<CompletedRun> Completed { get; init; } = [];

    public IReadOnlyList<FailedAttempt> Failed { get; init; } = [];

    public IReadOnlyList<AttemptRun> Retracted { get; init; } = [];

    public IReadOnlyList<AttemptRun> NotRetracted { get; init; } = [];

    public IReadOnlyList<TaskRun> Missing { get; init; } = [];

    public IReadOnlyList<TaskRun> Held { get; init; } = [];

    public IReadOnlyList<AttemptRun> WaitingInside { get; init; } = [];

    public IReadOnlyList<AttemptRun> ResumedInside { get; init; } = [];

    /// <summary>How often it has paused and gone on: odd, it is paused; 0: no news.</summary>
    public ulong Pauses { get; init; }

    /// <summary>Why it wants to go; null: it does not.</summary>
    public string? Leaving { get; init; }
}

/// <summary>A worker's connection ended, with or without a goodbye.</summary>
public sealed record WorkerLost(WorkerId Worker, string Reason, bool IsGraceful) : SchedulerEvent;

/// <summary>Somebody asks workers to go. Those that alone hold what nobody else has room for stay.</summary>
public sealed record DrainAsked(IReadOnlyList<WorkerId> Workers, string Reason) : SchedulerEvent;

/// <summary>Results are to have a name, by which they outlive their session. Answered under the request's number.</summary>
/// <param name="Request">The shell's own number.</param>
/// <param name="Name">Of at most as many characters as the shell lets pass.</param>
/// <param name="Runs">The tasks, in the order in which they are given out again.</param>
/// <param name="Note">Whatever who publishes wants to tell who gets them.</param>
/// <param name="Overwrites">A name that means something else means these from now on.</param>
public sealed record PublishAsked(int Request, string Name, IReadOnlyList<TaskRun> Runs, ReadOnlyMemory<byte> Note, bool Overwrites) : SchedulerEvent;

/// <summary>A name is to be forgotten, and what only it held is let go of. Answered under the request's number.</summary>
public sealed record UnpublishAsked(int Request, string Name) : SchedulerEvent;

/// <summary>All tasks of all sessions are to be cancelled and forgotten, and all workers to begin anew. Answered under the request's number.</summary>
public sealed record RestartAsked(int Request) : SchedulerEvent;

/// <summary>A worker's supervisor told what the worker was running when it died. It may come before the loss is noticed, or after.</summary>
public sealed record WorkerDied(string Name, ReadOnlyMemory<byte> Incarnation, IReadOnlyList<AttemptRun> Running, WorkerDeathCause Cause, string Detail) : SchedulerEvent;

public enum WorkerDeathCause : byte
{
    /// <summary>A signal, or an exit code of its own.</summary>
    Unknown,

    /// <summary>The kernel ended it, or its supervisor did at its limit.</summary>
    OutOfMemory,

    /// <summary>Its control loop stood still, and its supervisor ended it.</summary>
    Hung,
}

/// <summary>Results are to have so many workers as holders, or as many as there are. Answered when they have.</summary>
public sealed record ReplicateAsked(int Request, IReadOnlyList<TaskRun> Runs, int Holders) : SchedulerEvent;

/// <summary>Results are to be moved so that workers hold about the same. Answered when that is done.</summary>
/// <param name="Request">How the answer is addressed.</param>
/// <param name="Runs">Only these; null: all there are.</param>
public sealed record RebalanceAsked(int Request, IReadOnlyList<TaskRun>? Runs) : SchedulerEvent;

/// <summary>So many facts, counted since the start, survive whatever happens to the scheduler.</summary>
public sealed record FactsBecameSafe(long UpTo) : SchedulerEvent;

/// <summary>The time that the core named as its next deadline has come, or any other time.</summary>
public sealed record ClockTicked : SchedulerEvent;

/// <summary>Tasks with neighbouring ids and one attempt.</summary>
public readonly record struct AttemptRun(TaskRun Run, Attempt Attempt);

/// <summary>Attempts that ended well: with their values, or with the sizes of results that stay on the worker.</summary>
public sealed record CompletedRun(TaskRun Run, Attempt Attempt, long DurationNs)
{
    public ByteColumn Values { get; init; }

    public IReadOnlyList<long> StoredBytes { get; init; } = [];

    public bool IsStored => StoredBytes.Count > 0;
}

public sealed record FailedAttempt(TaskId Task, Attempt Attempt, long DurationNs, TaskError Error);

public sealed record WorkerDescription
{
    public required string Name { get; init; }

    public string Host { get; init; } = "";

    public string Address { get; init; } = "";

    public string Fingerprint { get; init; } = "";

    public int Slots { get; init; } = 1;

    public long MemoryLimitBytes { get; init; }

    public ResourceAmounts Resources { get; init; } = ResourceAmounts.None;

    /// <summary>When it dies, somebody tells what it was running.</summary>
    public bool IsSupervised { get; init; }

    /// <summary>Chosen anew by each process: tells one that came back from another of the same name.</summary>
    public ReadOnlyMemory<byte> Incarnation { get; init; }
}
