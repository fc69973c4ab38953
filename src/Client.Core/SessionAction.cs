using Weft.Primitives;

namespace Weft.Client.Core;

/// <summary>What the shell is to do.</summary>
public enum SessionActionKind : byte
{
    /// <summary>Give the caller the tasks: a new submission, new scattered values, or a live key's tasks that it joins.</summary>
    AcceptSubmission,

    /// <summary>Tell the caller that the submission is refused; <see cref="SessionAction.Text"/> says why.</summary>
    RefuseSubmission,

    /// <summary>Tell who waits that the tasks are in another phase.</summary>
    TellOutcome,

    /// <summary>Hand the values to who waits for them.</summary>
    DeliverValues,

    /// <summary>Fetch a result for who waits for it.</summary>
    FetchResult,

    /// <summary>Let in who was kept waiting by back-pressure.</summary>
    AdmitSubmitters,
}

/// <summary>One order to the shell; which fields it bears goes by its kind.</summary>
public readonly record struct SessionAction
{
    public SessionActionKind Kind { get; private init; }

    public TaskRun Tasks { get; private init; }

    /// <summary>The new phase, of <see cref="SessionActionKind.TellOutcome"/>.</summary>
    public FuturePhase Phase { get; private init; }

    public TaskError? Error { get; private init; }

    public ByteColumn Values { get; private init; }

    public ResultLocation? Location { get; private init; }

    public string? Text { get; private init; }

    public static SessionAction Accept(TaskRun tasks) => new() { Kind = SessionActionKind.AcceptSubmission, Tasks = tasks };

    public static SessionAction Refuse(string why) => new() { Kind = SessionActionKind.RefuseSubmission, Text = why };

    public static SessionAction Tell(TaskRun tasks, FuturePhase phase, TaskError? error) =>
        new() { Kind = SessionActionKind.TellOutcome, Tasks = tasks, Phase = phase, Error = error };

    public static SessionAction Deliver(TaskRun tasks, ByteColumn values) =>
        new() { Kind = SessionActionKind.DeliverValues, Tasks = tasks, Values = values };

    public static SessionAction Fetch(TaskId task, ResultLocation location) =>
        new() { Kind = SessionActionKind.FetchResult, Tasks = new TaskRun(task), Location = location };

    public static SessionAction Admit() => new() { Kind = SessionActionKind.AdmitSubmitters };
}
