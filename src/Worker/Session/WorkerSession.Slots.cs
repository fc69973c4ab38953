using Weft.Primitives;
using Weft.Worker.Core;

namespace Weft.Worker;

/// <summary>What slots' threads bring.</summary>
internal sealed partial class WorkerSession : ISlotHost
{
    string ISlotHost.WorkerName => _options.Name;

    WeftClient ISlotHost.ClientFor(ResolvedFunction function) => _insideClients.Get(function.IsShipped);

    ResolvedFunction ISlotHost.FindFunction(uint number) => _functions.Find(number);

    bool ISlotHost.Report(SlotThread thread, TaskError? error)
    {
        lock (_gate)
        {
            if (_isOver || thread.IsAbandoned)
            {
                thread.Chunk.DropFinished();
                return true;
            }

            var chunk = thread.Chunk;
            _reports.Clear();
            if (chunk.IsTimedOut)
            {
                chunk.DropFinished();
                error = TaskErrors.TimedOut(chunk.Run.First, chunk.Assignment.RunTimeoutMs);
            }
            else
            {
                chunk.TakeFinished(thread.Slot, _reports);
            }

            if (error is not null)
            {
                _reports.Add(chunk.Fail(thread.Slot, error));
            }

            var hasEnded = chunk.Reported == chunk.Limit;
            thread.IsRunning = !hasEnded;
            if (hasEnded)
            {
                chunk.Hide();
            }

            foreach (var report in _reports)
            {
                ApplyLocked(report);
            }

            Announce();
            return hasEnded;
        }
    }

    IDisposable ISlotHost.Watch(SlotThread thread)
    {
        var generation = thread.Chunk.Generation;
        var limit = TimeSpan.FromMilliseconds(Math.Min(thread.Chunk.Assignment.RunTimeoutMs, int.MaxValue));
        return new RunLimit(limit, isOver => OnRunLimit(thread, generation, isOver));
    }

    void ISlotHost.BeginWait(SlotThread thread)
    {
        lock (_gate)
        {
            if (_isOver || thread.IsAbandoned || thread.Slot < 0)
            {
                thread.Wait.Resume();
                return;
            }

            // What has ended must not wait with it, and what has not begun must not wait behind it.
            Yield(thread);
            ApplyFollowUps();
            var slot = thread.Slot;
            _threads.Detach(thread);
            ApplyLocked(new AttemptWaits(slot, thread.Chunk.Current, thread.Chunk.Attempt));
            Announce();
        }
    }

    void ISlotHost.EndWait(SlotThread thread)
    {
        lock (_gate)
        {
            if (_isOver || thread.IsAbandoned)
            {
                thread.Wait.Resume();
                return;
            }

            ApplyLocked(new AttemptCanResume(thread.Chunk.Current, thread.Chunk.Attempt));
            Announce();
        }
    }

    private void ApplyFollowUps()
    {
        WorkerEvent[] events = [.. _followUps];
        _followUps.Clear();
        foreach (var happened in events)
        {
            ApplyLocked(happened);
        }
    }

    private void OnRunLimit(SlotThread thread, long generation, bool isOver)
    {
        lock (_gate)
        {
            if (_isOver || !thread.IsRunning || thread.Chunk.Generation != generation)
            {
                return;
            }

            thread.Chunk.IsTimedOut = true;
            if (!isOver)
            {
                CancelOnPool(thread.Chunk.CancelCurrent() is { } token ? [token] : []);
                return;
            }

            if (thread.Slot >= 0)
            {
                GiveUp(thread);
            }
        }
    }

    /// <summary>The task does not end: its thread is left to it, and its slot goes on with another.</summary>
    private void GiveUp(SlotThread thread)
    {
        var slot = thread.Slot;
        thread.IsAbandoned = true;
        _threads.Detach(thread);
        _threads.Forget(thread);
        thread.End();
        ApplyLocked(thread.Chunk.Fail(slot, TaskErrors.TimedOut(thread.Chunk.Run.First, thread.Chunk.Assignment.RunTimeoutMs)));
        Announce();
    }
}
