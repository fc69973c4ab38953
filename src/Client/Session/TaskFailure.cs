using Weft.Client.Core;
using Weft.Primitives;

namespace Weft.Client;

/// <summary>Why a task has no result: an error that the scheduler told, or the loss of its session.</summary>
internal sealed record TaskFailure(TaskError? Error, SessionLoss? Loss)
{
    private static readonly TaskFailure Released = new(Error: null, Loss: null);

    /// <summary>Null for phases that have, or may still get, a result.</summary>
    public static TaskFailure? Of(SessionCore core, int generation, FuturePhase phase, TaskError? error) => phase switch
    {
        FuturePhase.Pending or FuturePhase.Done => null,
        FuturePhase.Failed or FuturePhase.Cancelled => new TaskFailure(error, Loss: null),
        FuturePhase.Lost => new TaskFailure(Error: null, core.LossOf(generation)),
        FuturePhase.Released => Released,
    };
}
