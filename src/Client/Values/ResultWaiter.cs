using Weft.Client.Core;
using Weft.Primitives;

namespace Weft.Client;

/// <summary>Waits for one task's result: what an awaited future awaits.</summary>
internal sealed class ResultWaiter<T>(TaskHold hold, TaskRun task, ResultDecoder decoder) : Waiter(task)
{
    /// <summary>Whoever awaits a future may well have dropped it: its task must be held until the result has come.</summary>
    private readonly TaskHold _hold = hold;

    // User code that awaits must not run on the connection's reader.
    private readonly TaskCompletionSource<T> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Result => _result.Task;

    public override bool WantsValues => true;

    public override void OnOutcome(TaskRun tasks, FuturePhase phase, TaskFailure? failure)
    {
        if (failure is not null)
        {
            _result.TrySetException(decoder.ToException(failure));
        }
    }

    public override void OnValues(TaskRun tasks, ByteColumn values)
    {
        GC.KeepAlive(_hold);
        try
        {
            _result.TrySetResult(decoder.Decode<T>(values.Span(0)));
        }
        catch (Exception unreadable) when (unreadable is not InvariantException)
        {
            _result.TrySetException(ResultDecoder.Unreadable(tasks.First, typeof(T), unreadable));
        }
    }
}
