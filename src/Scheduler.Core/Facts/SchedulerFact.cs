using Weft.Primitives;

namespace Weft.Scheduler.Core;

/// <summary>
/// What a scheduler that starts again must know: what was said and what came of it, never where anything runs. Facts in their order make
/// the same tasks, results and holders again, whatever code decides about placement by then.
/// </summary>
public abstract record SchedulerFact;

/// <summary>A client was given a session, and what it must show to come back to it. Recorded by the shell.</summary>
public sealed record SessionOpened(SessionId Session, ReadOnlyMemory<byte> ResumeKey) : SchedulerFact;

/// <summary>A session ended: all that it held is released.</summary>
public sealed record SessionClosed(SessionId Session) : SchedulerFact;

/// <summary>A function was given a number of the scheduler's own. Recorded by the shell.</summary>
public sealed record FunctionDefined(int Number, ReadOnlyMemory<byte> Descriptor, string Name, string Bundle) : SchedulerFact;

/// <summary>What every worker runs before a session's tasks changed; without a function: the setup of this number is withdrawn. Recorded by the shell.</summary>
public sealed record SetupChanged(SessionId Session, int Number, int Function, ReadOnlyMemory<byte> Arguments) : SchedulerFact;

/// <summary>A client submitted a range of tasks.</summary>
public sealed record TasksSubmitted(Submission Submission) : SchedulerFact;

/// <summary>A client gave values ids.</summary>
public sealed record ValuesScattered(TaskRun Run, ByteColumn Values) : SchedulerFact;

/// <summary>Tasks, or values, of a client were refused: they did not fit.</summary>
public sealed record TasksRefused(TaskRun Run, TaskError Error) : SchedulerFact;

/// <summary>Results were accepted: with their values, or with the sizes of what workers hold.</summary>
public sealed record ResultsAccepted(TaskRun Run, Attempt Attempt) : SchedulerFact
{
    public ByteColumn Values { get; init; }

    public IReadOnlyList<long> StoredBytes { get; init; } = [];
}

/// <summary>Tasks ended without a result, for one reason.</summary>
public sealed record TasksFailed(TaskRun Run, TaskError Error) : SchedulerFact;

/// <summary>
/// What a task has used up: exceptions after which it ran again, and workers that died under it. Reports of attempts up to the last are stale.
/// One that must not run twice is recorded as begun before it is sent to a worker.
/// </summary>
public sealed record AttemptsSpent(TaskId Task, Attempt Last, int Retried, int Deaths, bool MayHaveBegun) : SchedulerFact;

/// <summary>
/// A failed task was to run again: it, and the failed inputs on whose account it failed. Reports of attempts up to the last are stale.
/// </summary>
public sealed record TasksRetried(IReadOnlyList<TaskRun> Runs, Attempt Last) : SchedulerFact;

/// <summary>A session let go of tasks.</summary>
public sealed record TasksReleased(TaskRun Run) : SchedulerFact;

/// <summary>A worker process connected. A scheduler that starts again waits for those of then to come back before it gives their work to others.</summary>
public sealed record WorkerCame(string Name, ReadOnlyMemory<byte> Incarnation) : SchedulerFact;

/// <summary>A worker process is gone, or was given up.</summary>
public sealed record WorkerWent(ReadOnlyMemory<byte> Incarnation) : SchedulerFact;

/// <summary>Results got a name, by which they outlive the session that made them. A name that was there means these now.</summary>
public sealed record NamePublished(string Name, IReadOnlyList<TaskRun> Runs, ReadOnlyMemory<byte> Note) : SchedulerFact;

public sealed record NameUnpublished(string Name) : SchedulerFact;

/// <summary>
/// The cluster was restarted, so often by now: all tasks of all sessions were cancelled and forgotten, with the names that results had. Workers that
/// began before it have to begin anew.
/// </summary>
public sealed record ClusterRestarted(int Number) : SchedulerFact;

/// <summary>In a snapshot: up to which sequence number a session has submitted, and below which its tasks were forgotten by restarts of the cluster.</summary>
public sealed record SessionReached(SessionId Session, ulong NextSequence, ulong ForgottenBelow) : SchedulerFact;

/// <summary>
/// In a snapshot: a submission of which only these parts are still known. Parts do not overlap and are in order; what is in none is forgotten.
/// What became of its tasks follows as facts of their own, after all submissions: first results, then failures.
/// </summary>
public sealed record SubmissionRemembered(Submission Submission, IReadOnlyList<RememberedPart> Parts) : SchedulerFact;

/// <summary>Everything before it was one state, and not a history.</summary>
public sealed record SnapshotEnded : SchedulerFact;

/// <param name="Run">Tasks that are alike.</param>
/// <param name="IsLinked">Their inputs are remembered for them, so that they can run or be made again.</param>
/// <param name="IsHeld">The session holds them.</param>
/// <param name="IsReleased">Nobody wants their results; what descends from them might.</param>
/// <param name="IsScattered">They are values that a client brought.</param>
/// <param name="IsBroken">They named inputs that nobody knew, and failed.</param>
public readonly record struct RememberedPart(TaskRun Run, bool IsLinked, bool IsHeld, bool IsReleased, bool IsScattered, bool IsBroken);
