using Weft.Primitives;

namespace Weft.Scheduler.Core;

/// <summary>
/// Results that are to have several holders, and keep having them until they are freed: what clients scatter, what must not be made twice, and what was asked for.
/// Who has a copy gives it on, so that many have it soon.
/// </summary>
public sealed partial class SchedulerCore
{
    /// <summary>So that one worker can go.</summary>
    private const int SafeHolders = 2;

    /// <summary>Each holder gives a result to so many at a time, as in Dask's <c>Client.replicate</c>.</summary>
    private const int BranchingFactor = 2;

    /// <summary>Copies at a time, all together; the rest waits for its turn.</summary>
    private const int CopiesUnderWayMax = 256;

    /// <summary>How many workers are to hold a result, by slot.</summary>
    private readonly Dictionary<int, int> _wantedHolders = [];

    /// <summary>Results that may have too few.</summary>
    private readonly Queue<TaskId> _thin = [];
    private readonly HashSet<TaskId> _isThin = [];

    private void WantHolders(int slot, int holders)
    {
        if (holders > Math.Max(1, _wantedHolders.GetValueOrDefault(slot)) && IsCounted(slot))
        {
            _wantedHolders[slot] = holders;
            LookAtHolders(slot);
        }
    }

    /// <summary>Something changed: the next plan looks whether enough workers hold it.</summary>
    private void LookAtHolders(int slot)
    {
        if (_wantedHolders.ContainsKey(slot) && _isThin.Add(_tasks.IdOf(slot)))
        {
            _thin.Enqueue(_tasks.IdOf(slot));
        }
    }

    /// <summary>A worker came: it may be the one that was missing.</summary>
    private void LookAtAllHolders()
    {
        foreach (var slot in _wantedHolders.Keys.Order().ToList())
        {
            LookAtHolders(slot);
        }
    }

    private void PlanHolders()
    {
        while (_copiesUnderWay < CopiesUnderWayMax && _thin.TryDequeue(out var id))
        {
            _isThin.Remove(id);
            var slot = _tasks.Find(id);
            if (slot >= 0 && _wantedHolders.TryGetValue(slot, out var wanted))
            {
                AddHolders(slot, wanted);
            }
        }
    }

    private void AddHolders(int slot, int wanted)
    {
        var sources = Math.Max(1, HoldersOf(slot).Count(IsConnected));
        var holders = HoldersOf(slot).Count(IsStaying);
        for (var underWay = CopiesOf(slot); holders + underWay < wanted && underWay < sources * BranchingFactor && !_uncopyable.Contains(slot); underWay++)
        {
            if (RecipientFor(slot) is not { } recipient)
            {
                return;
            }

            BeginCopy(slot, recipient);
        }
    }

    private int CopiesOf(int slot) => _copying.TryGetValue(slot, out var orders) ? orders.Count : 0;

    /// <summary>Whether nothing more can be done now: there are as many holders as are wanted, or nobody to be one.</summary>
    private bool HasItsHolders(int slot, int wanted) =>
        !IsCounted(slot) || HoldersOf(slot).Count(IsStaying) >= wanted || (CopiesOf(slot) == 0 && (_uncopyable.Contains(slot) || RecipientFor(slot) is null));
}
