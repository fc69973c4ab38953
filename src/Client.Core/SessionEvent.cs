using Weft.Primitives;

namespace Weft.Client.Core;

/// <summary>What happened to a client: something its user asked for, something the scheduler told, or something about the connection between them.</summary>
public abstract record SessionEvent
{
    private SessionEvent()
    {
    }

    /// <summary>The scheduler welcomed us. <paramref name="Resumed"/>: to the session that we asked for.</summary>
    public sealed record Connected(SessionId Session, uint Epoch, string SchedulerId, bool Resumed, ReadOnlyMemory<byte> ResumeKey) : SessionEvent;

    public sealed record Disconnected(string Reason) : SessionEvent;

    /// <summary>The shell's timer for <see cref="SessionCore.NextDeadlineMs"/> went off.</summary>
    public sealed record DeadlinePassed : SessionEvent
    {
        public static readonly DeadlinePassed Instance = new();
    }

    /// <summary>The user is finished with the client.</summary>
    public sealed record Closed : SessionEvent
    {
        public static readonly Closed Instance = new();
    }

    public sealed record TasksSubmitted(TaskSubmission Submission) : SessionEvent;

    public sealed record ValuesScattered(ByteColumn Values, int Holders = 0) : SessionEvent;

    public sealed record SetupRegistered(SetupDefinition Setup) : SessionEvent;

    public sealed record SetupWithdrawn(SetupDefinition Setup) : SessionEvent;

    public sealed record ResultsWanted(TaskRun Tasks) : SessionEvent;

    /// <summary>Somebody began to wait for outcomes: what is known is told again.</summary>
    public sealed record OutcomesAsked(TaskRun Tasks) : SessionEvent;

    public sealed record CancelRequested(TaskRun Tasks) : SessionEvent;

    public sealed record RetryRequested(TaskRun Tasks) : SessionEvent;

    /// <summary>A holder let go of the tasks.</summary>
    public sealed record TasksReleased(TaskRun Tasks) : SessionEvent;

    public sealed record SubmissionsAcknowledged(ulong UpToSequence) : SessionEvent;

    /// <summary>An outcome was told. <see cref="FuturePhase.Pending"/> takes an earlier one back.</summary>
    public sealed record OutcomeTold(TaskRun Tasks, FuturePhase Phase, TaskError? Error) : SessionEvent;

    public sealed record ValuesArrived(TaskRun Tasks, ByteColumn Values) : SessionEvent;

    public sealed record ResultLocated(TaskId Task, ResultLocation Location) : SessionEvent;

    /// <summary>The scheduler sent something that no scheduler sends: a column of wrong length, an unknown phase.</summary>
    public sealed record MalformedNotice(string What) : SessionEvent;
}
