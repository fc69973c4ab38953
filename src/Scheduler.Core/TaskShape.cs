using Weft.Primitives;

namespace Weft.Scheduler.Core;

/// <summary>
/// What a task needs of a worker: resources, and perhaps to be one of some. Ready tasks queue per shape, so that
/// placement costs shapes times workers, not tasks times workers.
/// </summary>
internal sealed class TaskShape(int number, ResourceAmounts resources, IReadOnlyList<string> allowedWorkers)
{
    /// <summary>Lanes by priority, highest first.</summary>
    public SortedList<int, ReadyLane> Lanes { get; } = new(Comparer<int>.Create(static (left, right) => right.CompareTo(left)));

    public int Number => number;

    public ResourceAmounts Resources => resources;

    public bool NeedsResources => resources.Count > 0;

    public bool IsRestricted => allowedWorkers.Count > 0;

    public string Describe()
    {
        var needs = new List<string>();
        if (NeedsResources)
        {
            needs.Add($"resources {resources}");
        }

        if (IsRestricted)
        {
            needs.Add($"one of the workers {string.Join(", ", allowedWorkers)}");
        }

        return needs.Count == 0 ? "nothing in particular" : string.Join(" and ", needs);
    }

    /// <summary>Whether this worker could run such a task now, if it is idle: it takes new work, is one of those allowed, and has what is needed.</summary>
    public bool Fits(WorkerEntry worker) => worker.IsOpen && Suits(worker);

    /// <summary>Whether it is one of those allowed and has what is needed.</summary>
    public bool Suits(WorkerEntry worker)
    {
        if (IsRestricted && !IsAllowed(worker))
        {
            return false;
        }

        foreach (var (name, milli) in resources.Milli)
        {
            if (worker.Description.Resources.MilliOf(name) < milli)
            {
                return false;
            }
        }

        return true;
    }

    public ReadyLane Lane(int priority)
    {
        if (!Lanes.TryGetValue(priority, out var lane))
        {
            lane = new ReadyLane();
            Lanes.Add(priority, lane);
        }

        return lane;
    }

    private bool IsAllowed(WorkerEntry worker)
    {
        foreach (var allowed in allowedWorkers)
        {
            if (allowed == worker.Description.Name || allowed == worker.Description.Address || allowed == worker.Description.Host)
            {
                return true;
            }
        }

        return false;
    }
}
