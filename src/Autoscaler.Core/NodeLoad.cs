using Weft.Primitives;

namespace Weft.Autoscaler.Core;

/// <summary>The workers of one node, taken together.</summary>
internal sealed class NodeLoad
{
    public int Workers { get; private set; }

    public int Slots { get; private set; }

    public int Assigned { get; private set; }

    public int Running { get; private set; }

    /// <summary>Of those that <see cref="Running"/> leaves, slots in which nothing will begin.</summary>
    public int Closed { get; private set; }

    public int WaitingInside { get; private set; }

    public long LongestRunningMs { get; private set; }

    /// <summary>Of the worker that was busy last.</summary>
    public long IdleMs { get; private set; } = long.MaxValue;

    public long StoredBytes { get; private set; }

    public int Leaving { get; private set; }

    public string? RefusedToLeave { get; private set; }

    public List<ResourceAmounts> InUse { get; } = [];

    public bool IsIdle => Workers > 0 && Assigned == 0 && Running == 0 && WaitingInside == 0;

    /// <param name="worker">One of the node's.</param>
    /// <param name="isClosed">It will begin nothing.</param>
    public void Add(ObservedWorker worker, bool isClosed)
    {
        Workers++;
        Slots += worker.Slots;
        Assigned += worker.Assigned;
        Running += worker.Running;
        Closed += isClosed ? worker.Slots - worker.Running : 0;
        WaitingInside += worker.WaitingInside;
        LongestRunningMs = Math.Max(LongestRunningMs, worker.LongestRunningMs);
        IdleMs = Math.Min(IdleMs, worker.IdleMs);
        StoredBytes += worker.StoredBytes;
        Leaving += worker.IsLeaving ? 1 : 0;
        RefusedToLeave ??= worker.RefusedToLeave;
        if (worker.ResourcesInUse.Count > 0)
        {
            InUse.Add(worker.ResourcesInUse);
        }
    }
}
