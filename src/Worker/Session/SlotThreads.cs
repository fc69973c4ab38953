using Weft.Primitives;
using Weft.Worker.Core;

namespace Weft.Worker;

/// <summary>
/// Which thread runs for which slot. A slot keeps its thread; one whose task waits inside goes on without a slot, and a spare takes its place.
/// Everything here is under the session's lock.
/// </summary>
internal sealed class SlotThreads(int slots, RunningTable running, Func<int, SlotThread> make)
{
    /// <summary>Idle threads kept for the next wait; more are ended.</summary>
    private const int SparesMax = 8;

    private readonly SlotThread?[] _bySlot = new SlotThread?[slots];
    private readonly Stack<SlotThread> _spares = new();
    private readonly List<SlotThread> _all = [];
    private int _made;

    public IReadOnlyList<SlotThread> All => _all;

    public SlotThread Of(int slot)
    {
        if (_bySlot[slot] is { } thread)
        {
            return thread;
        }

        if (!_spares.TryPop(out thread))
        {
            thread = make(_made++);
            _all.Add(thread);
            thread.Begin();
        }

        Attach(thread, slot);
        return thread;
    }

    /// <summary>The thread goes on without its slot, or is given up with it.</summary>
    public void Detach(SlotThread thread)
    {
        _bySlot[thread.Slot] = null;
        thread.Slot = -1;
        thread.Chunk.ShowIn(thread is { IsRunning: true, IsAbandoned: false } ? running.FreeWaiting() : RunningEntry.None);
    }

    /// <summary>The thread runs for this slot from now on; the idle one that had it becomes a spare.</summary>
    public void Attach(SlotThread thread, int slot)
    {
        if (_bySlot[slot] is { } idle && idle != thread)
        {
            Invariant.Require(!idle.IsRunning, "a slot that is given to a resumed task has no other");
            Detach(idle);
            Spare(idle);
        }

        _bySlot[slot] = thread;
        thread.Slot = slot;
        thread.Chunk.ShowIn(running.OfSlot(slot));
    }

    /// <summary>The thread of a task that waits inside.</summary>
    public SlotThread? Waiting(TaskId task, Attempt attempt)
    {
        foreach (var thread in _all)
        {
            if (thread is { IsRunning: true, Slot: -1, IsAbandoned: false } && thread.Chunk.Attempt == attempt && thread.Chunk.Current == task)
            {
                return thread;
            }
        }

        return null;
    }

    public void Forget(SlotThread thread) => _all.Remove(thread);

    private void Spare(SlotThread thread)
    {
        if (_spares.Count < SparesMax)
        {
            _spares.Push(thread);
        }
        else
        {
            _all.Remove(thread);
            thread.End();
        }
    }
}
