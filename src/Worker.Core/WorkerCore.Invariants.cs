using Weft.Primitives;

namespace Weft.Worker.Core;

/// <summary>What must hold between any two steps.</summary>
public sealed partial class WorkerCore
{
    /// <summary>Looks at everything; for tests and simulation.</summary>
    /// <exception cref="InvariantException">The core's state contradicts itself.</exception>
    public void CheckInvariants()
    {
        var ranges = new List<LocalRange>();
        _ranges.CopyTo(ranges);
        CheckQueues(ranges);
        CheckInputs(ranges);
        CheckSlots(ranges);
        _stored.CheckInvariants();
        _fetches.CheckInvariants(mayWait: IsPaused);
    }

    private void CheckQueues(List<LocalRange> ranges)
    {
        var end = 0UL;
        foreach (var range in ranges)
        {
            Invariant.Require(range.Run.Count > 0 && range.Run.First.Value >= end, "queued ranges do not overlap");
            Invariant.Require(range.Phase != LocalPhase.Gone, "a queued range is alive");
            Invariant.Require(ReferenceEquals(_ranges.Find(range.Run.First), range), "a queued range is found by its first task");
            Invariant.Require(ReferenceEquals(_ranges.Find(range.Run.End + -1), range), "a queued range is found by its last task");
            end = range.Run.End.Value;
        }

        Invariant.Require(QueuedTasks == ranges.Sum(static range => (long)range.Run.Count), "queued tasks add up");
        var ready = new List<LocalRange>();
        _ready.CopyTo(ready);
        Invariant.Require(ready.Count == _ready.LiveCount, "the ready queue counts its live entries");
        Invariant.Require(
            ready.ToHashSet().SetEquals(ranges.Where(static range => range.Phase == LocalPhase.Ready)),
            "the ready queue has exactly the ready ranges");
    }

    private void CheckInputs(List<LocalRange> ranges)
    {
        var waiters = new Dictionary<AwaitedInput, int>();
        foreach (var range in ranges.Where(static range => range.Phase == LocalPhase.Blocked))
        {
            var open = range.Awaited!.Where(static input => input.Source != InputSource.Gone).ToList();
            Invariant.Require(range.Run.Count == 1 && range.Unmet > 0 && range.Unmet == open.Count, "a blocked task counts its unmet inputs");
            foreach (var input in open)
            {
                waiters[input] = waiters.GetValueOrDefault(input) + 1;
            }
        }

        foreach (var (id, input) in _awaited)
        {
            Invariant.Require(id == input.Id && input.Source != InputSource.Gone, "an awaited input is alive");
            Invariant.Require(!_stored.Contains(id), "nobody waits for what is in the store");
            Invariant.Require(input.LiveWaiters == waiters.GetValueOrDefault(input) + (input.IsCopy ? 1 : 0), "an awaited input counts its waiters");
            Invariant.Require(input.LiveWaiters > 0 || input.Source == InputSource.Fetching, "somebody waits for an awaited input");
            waiters.Remove(input);
        }

        Invariant.Require(waiters.Count == 0, "every unmet input is awaited");
    }

    private void CheckSlots(List<LocalRange> ranges)
    {
        Invariant.Require(_free.Distinct().Count() == _free.Count, "a slot is free once");
        Invariant.Require(_free.Count == _slots.Count(static work => work is null), "the free slots are those that run nothing");
        Invariant.Require(_free.All(slot => _slots[slot] is null), "a free slot runs nothing");
        Invariant.Require(_free.Count == 0 || _resuming.Count == 0, "no slot is free while an attempt could go on");
        Invariant.Require(_free.Count == 0 || _outboxFull || _isDraining || IsPaused || _ready.LiveCount == 0, "no slot is free while tasks are ready");
        Invariant.Require(_waits.Count <= _limits.WaitsMax, "waits are bounded");
        Invariant.Require(_waits.All(static work => work.Rest.Count == 1 && work.Wait != WaitPhase.None), "what waits inside is one task");
        Invariant.Require(
            _resuming.Count == _waits.Count(static work => work.Wait == WaitPhase.CanResume),
            "what could go on is in the queue of those that may");
        foreach (var work in _slots.OfType<SlotWork>())
        {
            Invariant.Require(work.Rest.Count > 0 && work.Wait == WaitPhase.None, "a slot that runs has something to report");
        }

        foreach (var work in _slots.OfType<SlotWork>().Concat(_waits))
        {
            foreach (var range in ranges)
            {
                var both = Intersect(range.Run, work.Rest);
                for (var offset = 0; offset < both.Count; offset++)
                {
                    Invariant.Require(work.IsCancelled(both.First + offset), "a task does not run and wait for its turn at once");
                }
            }
        }
    }
}
