namespace Weft.Scheduler.Core;

/// <summary>What a worker has to do, in the scheduler's view.</summary>
public readonly record struct WorkerLoad(int Assigned, int Running, long StoredBytes);
