using Weft.Primitives;

namespace Weft.Worker.Core;

/// <summary>What happened, as a fact. One is one part of a decoded message or one report of a slot, a fetch or the timer.</summary>
public abstract record WorkerEvent;

// From the scheduler.

/// <summary>Values came that are to be kept until freed; the scheduler may want to hear that they are there.</summary>
public sealed record ValuesGiven(TaskRun Run, ByteColumn Values, bool Confirm = false) : WorkerEvent;

/// <summary>The scheduler said where results that are not here can be fetched. A later word on the same task replaces an earlier one.</summary>
public sealed record HoldersNamed(TaskRun Run, long SizeBytes, Peer[] Peers) : WorkerEvent;

/// <summary>Results are to be fetched from their holders and kept, whether or not tasks here need them.</summary>
/// <param name="Holders">Whose, and from where.</param>
/// <param name="Attempt">What made them: they are announced as if they had been made here. None: they are not.</param>
public sealed record CopiesAsked(HoldersNamed Holders, Attempt Attempt) : WorkerEvent;

public sealed record TasksAssigned(Assignment Assignment) : WorkerEvent;

public sealed record RetractAsked(AttemptRun Tasks) : WorkerEvent;

public sealed record CancelAsked(AttemptRun Tasks) : WorkerEvent;

public sealed record FreeAsked(TaskRun Run) : WorkerEvent;

// From slots. Members of a chunk are reported in order, each once.

/// <summary>
/// The next members of the slot's chunk ended well. <paramref name="Values"/> has an entry for each that travels with the report, or none;
/// <paramref name="StoredBytes"/> has a size for each that is in the store now, or none. A small kept result is in both.
/// </summary>
public sealed record AttemptsCompleted(
    int Slot,
    AttemptRun Tasks,
    long DurationNs,
    ByteColumn Values,
    ReadOnlyMemory<long> StoredBytes) : WorkerEvent;

/// <summary>The next member of the slot's chunk ended without a result.</summary>
public sealed record AttemptFailed(int Slot, TaskId Task, Attempt Attempt, long DurationNs, TaskError Error) : WorkerEvent;

/// <summary>The slot will not begin these last members of its chunk; the answer to <see cref="WorkerActionList.Yields"/>, empty when all had begun.</summary>
public sealed record AttemptsYielded(int Slot, AttemptRun Rest) : WorkerEvent;

/// <summary>The last begun member of the slot's chunk waits inside for a future. What had not begun was yielded before, what had ended was reported.</summary>
public sealed record AttemptWaits(int Slot, TaskId Task, Attempt Attempt) : WorkerEvent;

/// <summary>What the attempt waited for has come: it goes on as soon as a slot is free.</summary>
public sealed record AttemptCanResume(TaskId Task, Attempt Attempt) : WorkerEvent;

// From fetches.

/// <summary>A value arrived and is in the store.</summary>
public sealed record ValueFetched(long Fetch, TaskId Task, long SizeBytes) : WorkerEvent;

/// <summary>Nothing more will come from the fetch; what it has not brought, this peer does not give.</summary>
public sealed record FetchEnded(long Fetch, FetchOutcome Outcome) : WorkerEvent;

// From the shell's surroundings.

/// <summary>The time named by <see cref="WorkerCore.NextDeadlineMs"/> has come.</summary>
public sealed record DeadlinePassed : WorkerEvent;

/// <summary>More reports are unsent than may be: no new work is begun.</summary>
public sealed record OutboxFilled : WorkerEvent;

public sealed record OutboxDrained : WorkerEvent;

/// <summary>
/// The worker is about to meet its scheduler again, or that one's successor: what has not begun will be ordered anew, and copies are of no use to a
/// scheduler that does not know of them.
/// </summary>
public sealed record CameBack : WorkerEvent;

/// <summary>The worker is leaving: what runs may end, nothing new is begun.</summary>
public sealed record DrainBegan : WorkerEvent;

/// <summary>The process's memory is near its limit: what runs goes on, nothing new is begun or fetched.</summary>
public sealed record PauseBegan : WorkerEvent;

/// <summary>There is room again.</summary>
public sealed record PauseEnded : WorkerEvent;

public enum FetchOutcome
{
    /// <summary>The peer answered for every id; those it did not send it does not have.</summary>
    Answered,

    /// <summary>The peer could not be reached, or fell silent.</summary>
    PeerLost,
}
