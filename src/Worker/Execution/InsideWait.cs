using System.Diagnostics;

namespace Weft.Worker;

/// <summary>
/// The waiting of one thread's task for futures. The slot is left with the first wait and taken again when the last of those under way has its
/// result: a task that waits for many at once must not hold its slot after the first of them has come.
/// </summary>
internal sealed class InsideWait(ISlotHost host, SlotThread thread) : IWaitInside
{
    private readonly Lock _gate = new();

    /// <summary>Raised when a call ends: waits that it left behind are of no account any more.</summary>
    private long _calls;

    private int _pending;

    /// <summary>Completes when the task has a slot again; null while it has one.</summary>
    private TaskCompletionSource? _resumed;

    private long _since;

    /// <summary>During which call a wait began; flows with the code that waits.</summary>
    private readonly AsyncLocal<long> _callOfWait = new();

    public void Enter() => _callOfWait.Value = Begin();

    public ValueTask ExitAsync() => new(EndAsync(_callOfWait.Value));

    /// <summary>The task has a slot again. Under the host's lock.</summary>
    public void Resume()
    {
        TaskCompletionSource? resumed;
        lock (_gate)
        {
            resumed = _resumed;
            _resumed = null;
            if (resumed is not null)
            {
                thread.Chunk.SkipTime(_since);
            }
        }

        resumed?.TrySetResult();
    }

    /// <summary>The call has ended. If it left waits behind without awaiting them, its slot is taken again here, because reporting needs one.</summary>
    public void Settle()
    {
        Task? resuming;
        bool asks;
        lock (_gate)
        {
            _calls++;
            asks = _pending > 0;
            _pending = 0;
            resuming = _resumed?.Task;
        }

        if (resuming is null)
        {
            return;
        }

        if (asks)
        {
            host.EndWait(thread);
        }

        resuming.Wait();
    }

    private long Begin()
    {
        long call;
        lock (_gate)
        {
            call = _calls;
            if (_pending++ > 0 || _resumed is not null)
            {
                return call;
            }

            _since = Stopwatch.GetTimestamp();
            _resumed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        host.BeginWait(thread);
        return call;
    }

    private Task EndAsync(long call)
    {
        Task? resumed;
        lock (_gate)
        {
            if (call != _calls || --_pending > 0)
            {
                return Task.CompletedTask;
            }

            resumed = _resumed?.Task;
        }

        if (resumed is null)
        {
            return Task.CompletedTask;
        }

        host.EndWait(thread);
        return resumed;
    }
}
