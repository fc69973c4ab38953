using Weft.Primitives;

namespace Weft.Scheduler.Core;

/// <summary>What the shell is to do, as a value. Actions are carried out in order, after the step that made them.</summary>
public enum ActionKind : byte
{
    /// <summary>Send a worker a sub-range of a submission to run.</summary>
    Assign,

    /// <summary>Send a worker small values that it keeps until told to free them.</summary>
    SendKeptValues,

    /// <summary>Tell a worker who holds a result that it will need.</summary>
    SendHolders,

    /// <summary>Ask a worker to give back what it has not begun.</summary>
    Retract,

    /// <summary>Tell a worker to drop or cancel attempts.</summary>
    Cancel,

    /// <summary>Tell a worker that it need not hold results any longer.</summary>
    Free,

    /// <summary>Have a worker fetch results and keep them.</summary>
    SendCopies,

    /// <summary>Tell a worker that it may go, for the reason in <see cref="SchedulerAction.Text"/>.</summary>
    StopWorker,

    /// <summary>Tell the operator what <see cref="SchedulerAction.Text"/> says.</summary>
    Warn,

    /// <summary>Refuse a worker, or end its connection, for the reason in <see cref="SchedulerAction.Text"/>.</summary>
    DismissWorker,

    /// <summary>Tell a client that tasks ended, or that an earlier outcome no longer holds.</summary>
    TellOutcome,

    /// <summary>Send a client small results.</summary>
    SendValues,

    /// <summary>Tell a client who holds a result.</summary>
    TellHolders,

    /// <summary>Acknowledge a client's submissions up to a sequence number.</summary>
    Acknowledge,

    /// <summary>End a session: its time ran out, or it broke the rules for the reason in <see cref="SchedulerAction.Text"/>.</summary>
    EndSession,

    /// <summary>Answer the request whose number is the target, by <see cref="SchedulerAction.Answer"/>.</summary>
    AnswerRequest,
}

/// <summary>What came of a request.</summary>
public enum RequestAnswer : byte
{
    Done,

    /// <summary>A task is not known, or nobody holds it any more.</summary>
    UnknownTask,

    /// <summary>The name means other results.</summary>
    NameTaken,

    /// <summary>Nothing has this name.</summary>
    UnknownName,

    /// <summary>There are as many names as there may be.</summary>
    TooManyNames,

    /// <summary>As many requests for copies are waited for as may be.</summary>
    TooManyRequests,
}

/// <summary>How the inputs of an assignment reach the worker.</summary>
public enum InputForm : byte
{
    None,

    /// <summary>Their values come along, a column beside the arguments.</summary>
    Immediate,

    /// <summary>They are named, and are there or on their way.</summary>
    ById,
}

/// <summary>One action. Which fields mean something depends on the kind.</summary>
public readonly record struct SchedulerAction(ActionKind Kind, int Target, TaskRun Run)
{
    public Attempt Attempt { get; init; }

    public TaskPhase Phase { get; init; }

    public InputForm Inputs { get; init; }

    /// <summary>The worker keeps the results until freed, small ones too.</summary>
    public bool Keep { get; init; }

    /// <summary>The results stay at the worker, and only their sizes are told.</summary>
    public bool Store { get; init; }

    /// <summary>The worker says when it has the values.</summary>
    public bool Confirm { get; init; }

    /// <summary>Of a worker that is sent away: it may come back with what it runs and holds.</summary>
    public bool MayReturn { get; init; }

    public RequestAnswer Answer { get; init; }

    public Submission? Submission { get; init; }

    public TaskError? Error { get; init; }

    public string? Text { get; init; }

    public WorkerId Worker => new(Target);

    public SessionId Session => new((uint)Target);
}
