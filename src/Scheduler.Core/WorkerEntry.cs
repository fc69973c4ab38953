using Weft.Primitives;

namespace Weft.Scheduler.Core;

/// <summary>What the scheduler knows of one worker.</summary>
internal sealed class WorkerEntry
{
    /// <summary>Backlogs are sums of estimates in this unit, so that an estimate fits into 32 bits: up to nine minutes.</summary>
    public const long BacklogUnitNs = 256;

    private readonly SortedDictionary<string, long> _freeMilli = new(StringComparer.Ordinal);

    public WorkerEntry(WorkerId id, WorkerDescription description, long nowMs)
    {
        Id = id;
        Description = description;
        LastHeardMs = nowMs;
        IdleSinceMs = nowMs;
        foreach (var (name, milli) in description.Resources.Milli)
        {
            _freeMilli[name] = milli;
        }
    }

    public WorkerId Id { get; }

    public WorkerDescription Description { get; }

    public int Slots => Description.Slots;

    public long LastHeardMs { get; set; }

    /// <summary>It was connected before, and may report attempts from then.</summary>
    public bool HasPast { get; init; }

    public bool HasSaidGoodbye { get; set; }

    /// <summary>It is to go; null: it stays.</summary>
    public LeaveState? Leave { get; set; }

    /// <summary>Why it was not let go when it was last asked to; null: it was, or was not asked.</summary>
    public string? RefusedToLeave { get; set; }

    /// <summary>As it said last: it has paused and gone on so often.</summary>
    public ulong Pauses { get; set; }

    /// <summary>Its memory is near its limit: it begins nothing.</summary>
    public bool IsPaused => Pauses % 2 == 1;

    /// <summary>How many openings there were when it was last looked at for what others could run.</summary>
    public long OpeningsSeen { get; set; } = -1;

    /// <summary>It takes new work and copies.</summary>
    public bool IsOpen => Leave is null && !IsPaused;

    /// <summary>Of results that it is copying.</summary>
    public long IncomingBytes { get; set; }

    /// <summary>First and last of the tasks assigned to it, in the order in which they were sent; linked through the task table.</summary>
    public int FirstAssigned { get; set; } = TaskTable.None;

    public int LastAssigned { get; set; } = TaskTable.None;

    public int Assigned { get; set; }

    public int Running { get; set; }

    /// <summary>Since when nothing is assigned to it; while something is: when it was so last.</summary>
    public long IdleSinceMs { get; set; }

    /// <summary>Running tasks that wait inside for a future and hold no slot.</summary>
    public int WaitingInside { get; set; }

    /// <summary>Estimated work of all that is assigned, in units of <see cref="BacklogUnitNs"/>.</summary>
    public long Backlog { get; set; }

    public long BacklogNs => Backlog * BacklogUnitNs;

    /// <summary>Tasks it was asked to give back and has not answered for.</summary>
    public int Retracting { get; set; }

    /// <summary>Tasks whose unfinished inputs are all assigned here: candidates to be handed ahead.</summary>
    public Queue<TaskId> Ahead { get; } = [];

    /// <summary>Results that it was said to hold, some perhaps not any more; swept when most are not.</summary>
    public List<TaskId> Stored { get; } = [];

    public int StoredSweepAt { get; set; } = 1024;

    public long StoredBytes { get; set; }

    /// <summary>Load for comparisons: estimated wait for a slot.</summary>
    public long WaitNs => BacklogNs / Slots;

    public ResourceAmounts ResourcesInUse() =>
        ResourceAmounts.Of(_freeMilli.Select(free => KeyValuePair.Create(free.Key, Description.Resources.MilliOf(free.Key) - free.Value)));

    public bool HasResources(ResourceAmounts needed)
    {
        foreach (var (name, milli) in needed.Milli)
        {
            if (!_freeMilli.TryGetValue(name, out var free) || free < milli)
            {
                return false;
            }
        }

        return true;
    }

    public void ClaimResources(ResourceAmounts needed)
    {
        foreach (var (name, milli) in needed.Milli)
        {
            _freeMilli[name] -= milli;
            Invariant.Require(_freeMilli[name] >= 0, "no more of a resource is claimed than there is");
        }
    }

    public void ReturnResources(ResourceAmounts needed)
    {
        foreach (var (name, milli) in needed.Milli)
        {
            _freeMilli[name] += milli;
            Invariant.Require(_freeMilli[name] <= Description.Resources.MilliOf(name), "a resource is returned once");
        }
    }

    public IEnumerable<KeyValuePair<string, long>> FreeMilli => _freeMilli;
}
