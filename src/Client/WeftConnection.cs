using Weft.Grpc;

namespace Weft;

/// <summary>For hosts: a way to a scheduler that does not go by a scheduler file.</summary>
/// <param name="Scheduler">Calls the scheduler.</param>
public sealed record WeftConnection(CallInvoker Scheduler)
{
    /// <summary>Calls a worker by its address and the fingerprint of its certificate. Null: results are fetched through the scheduler.</summary>
    public Func<string, string, CallInvoker>? ToWorker { get; init; }

    /// <summary>Whether code has to be shipped. Default true; false when all workers are in this very process.</summary>
    public bool ShipsCode { get; init; } = true;

    /// <summary>Disposed after the client, when the client is: a cluster that lives for this client alone.</summary>
    public IAsyncDisposable? Owner { get; init; }
}
