using Weft.Worker.Core;

namespace Weft.Worker;

/// <summary>The core's orders, carried out under the lock: nothing here waits.</summary>
internal sealed partial class WorkerSession
{
    private void CarryOut()
    {
        foreach (var keep in _actions.Keeps)
        {
            Store.Put(keep.Run, keep.Values);
        }

        foreach (var run in _actions.Runs)
        {
            var thread = _threads.Of(run.Slot);
            thread.Chunk.Prepare(run.Assignment, run.Run);
            thread.IsRunning = true;
            thread.Post();
        }

        foreach (var resume in _actions.Resumes)
        {
            if (_threads.Waiting(resume.Task, resume.Attempt) is { } thread)
            {
                _threads.Attach(thread, resume.Slot);
                thread.Wait.Resume();
            }
        }

        foreach (var cancel in _actions.Cancels)
        {
            CancelRunning(cancel);
        }

        foreach (var slot in _actions.Yields)
        {
            Yield(_threads.Of(slot));
        }

        foreach (var fetch in _actions.Fetches)
        {
            _fetcher.Begin(fetch);
        }

        foreach (var free in _actions.Frees)
        {
            Store.Free(free);
        }

        _actions.ClearOrders();
    }

    private void CancelRunning(AttemptRun cancelled)
    {
        List<CancellationTokenSource> tokens = [];
        foreach (var thread in _threads.All)
        {
            var chunk = thread.Chunk;
            if (!thread.IsRunning || thread.IsAbandoned || chunk.Attempt != cancelled.Attempt
                || chunk.Run.First.Value >= cancelled.Run.End.Value || cancelled.Run.First.Value >= chunk.Run.End.Value)
            {
                continue;
            }

            if (cancelled.Run.Contains(chunk.Current) && chunk.CancelCurrent() is { } token)
            {
                tokens.Add(token);
            }

            if (chunk.Begun < chunk.Limit && thread.Slot >= 0)
            {
                // What has not begun goes back to the core, which knows which of it is still wanted.
                Yield(thread);
            }
        }

        CancelOnPool(tokens);
    }

    private void Yield(SlotThread thread)
    {
        var rest = thread.Chunk.CutRest();
        thread.Chunk.TakeFinishedButLast(thread.Slot, _followUps);
        _followUps.Add(new AttemptsYielded(thread.Slot, new AttemptRun(rest, thread.Chunk.Attempt)));
    }
}
