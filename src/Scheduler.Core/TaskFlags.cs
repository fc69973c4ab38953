namespace Weft.Scheduler.Core;

[Flags]
internal enum TaskFlags : ushort
{
    None = 0,

    /// <summary>The session holds the result.</summary>
    Held = 1,

    /// <summary>The session asked for the result to be sent.</summary>
    Wanted = 2,

    /// <summary>The worker of the current or accepted attempt keeps the result until freed.</summary>
    Kept = 4,

    /// <summary>The value is here, in <see cref="TaskTable"/>'s value columns.</summary>
    Inline = 8,

    /// <summary>The worker was asked to give it back and has not answered.</summary>
    Retracting = 16,

    /// <summary>The client was told of an outcome.</summary>
    Told = 32,

    /// <summary>A value that a client brought: it cannot be made again.</summary>
    Scattered = 64,

    /// <summary>It waits inside for a future: its slot is free meanwhile.</summary>
    WaitingInside = 128,

    /// <summary>It was known before this scheduler began: until all workers of then are back or given up, it may be running at one of them.</summary>
    Restored = 256,

    /// <summary>Of one that must not run twice: it was sent to a worker since it last was allowed to run.</summary>
    MayHaveBegun = 512,

    /// <summary>Its worker may keep its result even where nobody thinks so: the attempt came back with it, or it made a copy of an earlier result.</summary>
    Adopted = 1024,

    /// <summary>Its worker died, perhaps of it: it is given to nobody until that is known.</summary>
    Suspected = 2048,

    /// <summary>A worker died under it before, and nobody told what of.</summary>
    SuspectedBefore = 4096,

    /// <summary>It stands for another task: has its outcome, its value and its holders, and never runs.</summary>
    Alias = 8192,
}
