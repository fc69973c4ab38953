namespace Weft.Primitives;

/// <summary>Where a task is in its life, as the scheduler sees it. Numbered and append-only: the numbers go over the wire and into files.</summary>
public enum TaskPhase : byte
{
    /// <summary>Some input is not there yet.</summary>
    Waiting = 0,

    /// <summary>All inputs are there; the task waits for a worker.</summary>
    Ready = 1,

    /// <summary>A worker has it and has not said that it began.</summary>
    Assigned = 2,

    /// <summary>A worker said that it began.</summary>
    Running = 3,

    /// <summary>It ended and its result is held, here or by workers.</summary>
    Done = 4,

    /// <summary>It ended without a result: user code threw, an input failed, a limit was met, or somebody cancelled it.</summary>
    Failed = 5,

    /// <summary>Nobody wants the result any more; only the specification is kept, for what may have to be made again from it.</summary>
    Released = 6,
}
