using Weft.Primitives;

namespace Weft.Scheduler.Core;

/// <summary>What one worker does now, for people.</summary>
/// <param name="Assigned">Tasks that it was given and that have not ended.</param>
/// <param name="Running">Those of them that are known to run.</param>
/// <param name="StoredBytes">Of results that it holds.</param>
/// <param name="Leaving">Why it is about to go; null: it stays.</param>
/// <param name="RefusedToLeave">Why it was not let go; null: it was, or was not asked to.</param>
/// <param name="IsPaused">Its memory is near its limit: it begins nothing.</param>
/// <param name="WaitingInside">Of the running ones, those that wait inside for a future, and hold no slot.</param>
/// <param name="IdleSinceMs">Since when it has nothing to do; null: it has.</param>
/// <param name="ResourcesInUse">Claimed by tasks that were given to it; null: none.</param>
/// <param name="Holding">Slots that are taken by tasks that run, or that it begins as soon as it has them.</param>
public readonly record struct WorkerLoad(
    int Assigned,
    int Running,
    long StoredBytes,
    string? Leaving = null,
    string? RefusedToLeave = null,
    bool IsPaused = false,
    int WaitingInside = 0,
    long? IdleSinceMs = null,
    ResourceAmounts? ResourcesInUse = null,
    int Holding = 0);
