using System.Diagnostics;
using System.Runtime.CompilerServices;
using Weft.Client;
using Weft.Client.Core;
using Weft.Primitives;

namespace Weft;

/// <summary>
/// A task that was submitted, and its outcome when there is one. Await it. Thread safe. The cluster keeps the result while this object,
/// or a list it belongs to, is in use; disposing it lets go sooner than the garbage collector would.
/// </summary>
[DebuggerDisplay("{ToString(),nq}")]
public abstract class Future : IDisposable
{
    private readonly TaskHold? _hold;

    private protected Future(WeftClient client, TaskHold hold, TaskRun task, FutureSource source)
    {
        Client = client;
        _hold = hold;
        Run = task;
        Source = source;
    }

    /// <summary>A future that is there already, as a task gets it among its arguments.</summary>
    private protected Future(FutureSource source) => Source = source;

    /// <summary>
    /// Names the task for people: the function's name and the task's id in hexadecimal, or the <see cref="TaskOptions.Key"/> it was submitted with.
    /// </summary>
    public string Key => Source.KeyOf(Run.First);

    /// <summary>How the task stands, as far as this client has been told. Asking costs no message.</summary>
    public FutureStatus Status => HasLocalResult ? FutureStatus.Finished : Phase switch
    {
        FuturePhase.Pending => FutureStatus.Pending,
        FuturePhase.Done => FutureStatus.Finished,
        FuturePhase.Failed => FutureStatus.Error,
        FuturePhase.Cancelled => FutureStatus.Cancelled,
        FuturePhase.Lost or FuturePhase.Released => FutureStatus.Lost,
    };

    /// <summary>
    /// What awaiting this future would throw; null while the task is pending or when it has a result. The user's own exception comes
    /// with its own type, where this program knows it, and with its remote stack trace.
    /// </summary>
    public Exception? Exception => HasLocalResult || _hold?.Session.FailureOf(_hold.Generation, Run.First) is not { } failure
        ? null
        : Client!.Decoder.ToException(failure);

    /// <summary>The client it was submitted with; null for one that came to a task among its arguments.</summary>
    internal WeftClient? Client { get; }

    /// <summary>One task; none for a future that came among a task's arguments.</summary>
    internal TaskRun Run { get; }

    internal FutureSource Source { get; }

    internal TaskHold? Hold => _hold;

    internal abstract Type ResultType { get; }

    private protected abstract bool HasLocalResult { get; }

    private FuturePhase Phase => _hold is null ? FuturePhase.Done : _hold.Session.PhaseOf(_hold.Generation, Run.First);

    /// <summary>
    /// This future as a task, as awaiting it does. It completes when the result is here, and throws what the task threw. Within a task, waiting gives
    /// up the slot to others.
    /// </summary>
    public Task AsTask() => UntypedTask();

    /// <summary>
    /// Asks that the task be cancelled. One that has not begun never will; one that runs has its <see cref="CancellationToken"/> cancelled. Its
    /// dependents are cancelled with it. Completes when the task has ended, cancelled or not.
    /// </summary>
    /// <param name="cancellationToken">Ends the waiting, not the request.</param>
    public Task CancelAsync(CancellationToken cancellationToken = default) =>
        _hold is null ? Task.CompletedTask : Client!.CancelAsync([this], cancellationToken);

    /// <summary>Has a task that failed or was cancelled run again. Awaiting it afterwards waits for the new outcome. Nothing happens when it did not fail.</summary>
    /// <param name="cancellationToken">Cancels nothing that has begun: the request is made at once.</param>
    public Task RetryAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_hold is not null)
        {
            _hold.Session.Retry(_hold.Generation, Run);
            ForgetFailure();
        }

        return Task.CompletedTask;
    }

    /// <summary>Lets go of the result: when no other future or pending task needs it, the cluster forgets it.</summary>
    public void Dispose()
    {
        _hold?.Release(Run);
        GC.SuppressFinalize(this);
    }

    /// <summary>For people: <c>&lt;Future: status: finished, type: Int32, key: Sum-10000000003&gt;</c>.</summary>
    public override string ToString() =>
        $"<Future: status: {Status.ToString().ToLowerInvariant()}, type: {TypeText.Of(ResultType)}, key: {Key}>";

    internal abstract Task UntypedTask();

    private protected abstract void ForgetFailure();
}

/// <summary>Makes futures without a result awaitable.</summary>
public static class FutureAwaiting
{
    // An extension, because F# cannot choose between a GetAwaiter of Future<T> and one that it inherits.

    /// <summary>Completes when the task has ended, and throws what it threw: see <see cref="Future.AsTask"/>.</summary>
    public static TaskAwaiter GetAwaiter(this Future future)
    {
        ArgumentNullException.ThrowIfNull(future);
        return future.AsTask().GetAwaiter();
    }
}
