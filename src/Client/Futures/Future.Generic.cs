using System.Runtime.CompilerServices;
using Weft.Client;
using Weft.Client.Core;
using Weft.Primitives;

namespace Weft;

/// <summary>A task that was submitted, and its result when there is one. Await it for the result.</summary>
/// <typeparam name="T">The type of the result.</typeparam>
/// <inheritdoc/>
public sealed class Future<T> : Future
{
    /// <summary>Made when the result is first asked for; replaced when the task is retried.</summary>
    private Task<T>? _result;

    internal Future(WeftClient client, TaskHold hold, TaskRun task, FutureSource source)
        : base(client, hold, task, source)
    {
    }

    /// <summary>A future that is there already.</summary>
    internal Future(Task<T> result, FutureSource source)
        : base(source) => _result = result;

    internal override Type ResultType => typeof(T);

    private protected override bool HasLocalResult => _result is { IsCompletedSuccessfully: true };

    /// <summary>Awaits the result: see <see cref="AsTask"/>.</summary>
    public TaskAwaiter<T> GetAwaiter() => AsTask().GetAwaiter();

    /// <inheritdoc cref="Future.AsTask"/>
    public new Task<T> AsTask()
    {
        var result = Result();
        return result.IsCompleted || TaskContext.Current is not { } context ? result : context.WaitInsideAsync(result);
    }

    /// <summary>The result, when it is there.</summary>
    /// <param name="cancellationToken">Ends the waiting; the task goes on.</param>
    public Task<T> ResultAsync(CancellationToken cancellationToken = default) => AsTask().WaitAsync(cancellationToken);

    /// <summary>
    /// Runs the same function here, in this process, with the arguments as the task had them and its inputs' results gathered: to see under a
    /// debugger why it failed on a worker. The task itself is left as it is.
    /// </summary>
    /// <param name="cancellationToken">Cancels the gathering of inputs, and is what the function gets as its token.</param>
    /// <exception cref="InvalidOperationException">The future did not come from a call to Submit or Map of this process, so its function is not known here.</exception>
    public Task<T> ReplayLocallyAsync(CancellationToken cancellationToken = default) => Source.ReplayAsync<T>(this, cancellationToken);

    internal override Task UntypedTask() => AsTask();

    internal Task<T>? LocalResult => HasLocalResult ? _result : null;

    private protected override void ForgetFailure()
    {
        if (_result is { IsCompletedSuccessfully: false })
        {
            _result = null;
        }
    }

    private Task<T> Result()
    {
        if (_result is { } known)
        {
            return known;
        }

        var waiter = new ResultWaiter<T>(Hold!, Run, Client!.Decoder);
        if (Interlocked.CompareExchange(ref _result, waiter.Result, null) is { } meanwhile)
        {
            return meanwhile;
        }

        Hold!.Session.WantResults(Hold.Generation, waiter);
        return waiter.Result;
    }
}
