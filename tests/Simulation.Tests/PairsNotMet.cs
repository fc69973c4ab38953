using Weft.Primitives;
using Weft.Scheduler.Core;

namespace Weft.Simulation.Tests;

/// <summary>Pairs of phase and cause that a thousand seeds need not meet: because they cannot, or because they are so rare that an example shows them.</summary>
internal static class PairsNotMet
{
    private const string ReleasedIsNotHeld = "what a client speaks of is what its session holds, and a released task is held by nobody";
    private const string OnlyAtAWorker = "only tasks at a worker are on its list";
    private const string ReadyHasNoEdges = "a ready task waits for nothing, so no edge leads to it";
    private const string EndedIsPassedOver = "what has ended is passed over before it is counted";

    public static readonly IReadOnlyDictionary<(TaskPhase, TaskCause), string> Impossible = new Dictionary<(TaskPhase, TaskCause), string>
    {
        [(TaskPhase.Released, TaskCause.Wanted)] = ReleasedIsNotHeld,
        [(TaskPhase.Released, TaskCause.Cancelled)] = ReleasedIsNotHeld,
        [(TaskPhase.Released, TaskCause.Retried)] = ReleasedIsNotHeld,
        [(TaskPhase.Released, TaskCause.ReleasedByClient)] = ReleasedIsNotHeld,
        [(TaskPhase.Waiting, TaskCause.WorkerLost)] = OnlyAtAWorker,
        [(TaskPhase.Ready, TaskCause.WorkerLost)] = OnlyAtAWorker,
        [(TaskPhase.Done, TaskCause.WorkerLost)] = OnlyAtAWorker,
        [(TaskPhase.Failed, TaskCause.WorkerLost)] = OnlyAtAWorker,
        [(TaskPhase.Released, TaskCause.WorkerLost)] = OnlyAtAWorker,
        [(TaskPhase.Ready, TaskCause.InputDone)] = ReadyHasNoEdges,
        [(TaskPhase.Ready, TaskCause.InputFailed)] = ReadyHasNoEdges,
        [(TaskPhase.Done, TaskCause.InputFailed)] = EndedIsPassedOver,
        [(TaskPhase.Failed, TaskCause.InputFailed)] = EndedIsPassedOver,
        [(TaskPhase.Released, TaskCause.InputFailed)] = EndedIsPassedOver,
        [(TaskPhase.Done, TaskCause.InputLost)] = EndedIsPassedOver,
        [(TaskPhase.Failed, TaskCause.InputLost)] = EndedIsPassedOver,
        [(TaskPhase.Released, TaskCause.InputLost)] = EndedIsPassedOver,
    };

    /// <summary>Met once in thousands of seeds or less; each by an example in <c>RareMeetingTests</c> of Scheduler.Core.Tests.</summary>
    public static readonly IReadOnlySet<(TaskPhase, TaskCause)> Rare = new HashSet<(TaskPhase, TaskCause)>
    {
        (TaskPhase.Running, TaskCause.Retried),
        (TaskPhase.Waiting, TaskCause.Started),
        (TaskPhase.Waiting, TaskCause.AttemptFailed),
        (TaskPhase.Waiting, TaskCause.GivenBack),
        (TaskPhase.Waiting, TaskCause.NotGivenBack),
        (TaskPhase.Released, TaskCause.GivenBack),
        (TaskPhase.Released, TaskCause.NotGivenBack),
        (TaskPhase.Released, TaskCause.AttemptFailed),
        (TaskPhase.Failed, TaskCause.GivenBack),
        (TaskPhase.Failed, TaskCause.NotGivenBack),
        (TaskPhase.Waiting, TaskCause.HeldByWorker),
        (TaskPhase.Running, TaskCause.HeldByWorker),
        (TaskPhase.Failed, TaskCause.HeldByWorker),
        (TaskPhase.Running, TaskCause.InputFailed),
        (TaskPhase.Running, TaskCause.InputLost),
    };
}
