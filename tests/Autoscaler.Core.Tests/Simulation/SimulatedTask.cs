namespace Weft.Autoscaler.Core.Tests;

internal sealed class SimulatedTask(SimulatedFunction function, long arrivedMs, long durationMs)
{
    public SimulatedFunction Function { get; } = function;

    public long ArrivedMs { get; } = arrivedMs;

    public long DurationMs { get; } = durationMs;

    public SimulatedWorker? Worker { get; set; }

    public long BeganMs { get; set; }

    public bool IsInside { get; set; }

    /// <summary>Runs so far: a step that was planned for an earlier one is stale.</summary>
    public int Run { get; set; }
}
