namespace Weft.Autoscaler.Core.Tests;

internal sealed class SimulatedWorker(string name, NodeKey node, int slots, long gpuMilli, long nowMs)
{
    public string Name { get; } = name;

    public NodeKey Node { get; } = node;

    public int Slots { get; } = slots;

    public long GpuMilli { get; } = gpuMilli;

    public int Used { get; set; }

    public long GpuUsedMilli { get; set; }

    /// <summary>Those that run, and those that wait inside; in the order in which they began.</summary>
    public List<SimulatedTask> Tasks { get; } = [];

    public long IdleSinceMs { get; set; } = nowMs;

    public long StoredBytes { get; set; }

    public bool IsLeaving { get; set; }

    /// <summary>When what it holds has been copied to others, once its tasks are over.</summary>
    public long GoneMs { get; set; } = long.MaxValue;

    public string? Refused { get; set; }

    public bool Fits(SimulatedFunction function) =>
        !IsLeaving && Used < Slots && GpuMilli - GpuUsedMilli >= function.Shape.MilliOf("GPU");
}
