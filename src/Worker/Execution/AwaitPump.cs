using System.Collections.Concurrent;

namespace Weft.Worker;

/// <summary>
/// Runs what an async function does after its awaits on the thread of its slot, which waits here: user code stays off the pool, and a function
/// that expects to go on where it began is right. What comes after the function has ended goes to the pool.
/// </summary>
internal sealed class AwaitPump : SynchronizationContext
{
    private readonly ConcurrentQueue<(SendOrPostCallback Callback, object? State)> _posted = new();
    private readonly SemaphoreSlim _wake = new(0);
    private volatile bool _isRunning;

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (!_isRunning)
        {
            base.Post(d, state);
            return;
        }

        _posted.Enqueue((d, state));
        _wake.Release();
        if (!_isRunning)
        {
            Drain(static posted => ThreadPool.QueueUserWorkItem(static each => each.Callback(each.State), posted, preferLocal: false));
        }
    }

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Starts an asynchronous operation on this thread and runs what it posts until it is complete.</summary>
    public T Run<TState, T>(Func<TState, ValueTask<T>> start, TState state)
    {
        var before = Current;
        SetSynchronizationContext(this);
        _isRunning = true;
        try
        {
            var running = start(state);
            return running.IsCompleted ? running.GetAwaiter().GetResult() : PumpUntil(running.AsTask());
        }
        finally
        {
            _isRunning = false;
            SetSynchronizationContext(before);
            Drain(static posted => ThreadPool.QueueUserWorkItem(static each => each.Callback(each.State), posted, preferLocal: false));
        }
    }

    private T PumpUntil<T>(Task<T> running)
    {
        running.ContinueWith(
            static (_, pump) => ((AwaitPump)pump!)._wake.Release(),
            this,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        while (!running.IsCompleted)
        {
            _wake.Wait();
            Drain(static posted => posted.Callback(posted.State));
        }

        return running.GetAwaiter().GetResult();
    }

    private void Drain(Action<(SendOrPostCallback Callback, object? State)> with)
    {
        while (_posted.TryDequeue(out var posted))
        {
            with(posted);
        }
    }
}
