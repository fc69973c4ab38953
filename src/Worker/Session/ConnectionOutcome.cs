namespace Weft.Worker;

/// <summary>How one connection went: the worker's end, or a loss after which the scheduler is looked for again.</summary>
internal readonly record struct ConnectionOutcome(WorkerEnd? End, string Problem)
{
    public static ConnectionOutcome Lost(string problem) => new(null, problem);

    public static ConnectionOutcome Ended(WorkerEndReason reason, string message, bool shouldRestart = false) =>
        new(new WorkerEnd(reason, message, shouldRestart), message);
}
