namespace Weft.Simulation.Tests;

/// <summary>What may go wrong in a simulation. With zero of it, it does not.</summary>
internal enum Fault
{
    /// <summary>Thousandths of the client's work that is done at all: not a fault, but what a failing seed is made smaller by.</summary>
    Work,

    /// <summary>Thousandths of guarded messages that come again.</summary>
    Duplicates,

    /// <summary>Thousandths of a worker's messages that others overtake.</summary>
    Overtakes,

    /// <summary>Thousandths of fetches from peers that fail.</summary>
    FailedFetches,

    /// <summary>Workers that are killed while they run something.</summary>
    Crashes,

    /// <summary>Workers that ask to be let go, and wait for it for a while.</summary>
    Leaves,

    /// <summary>Times when two workers ask to be let go at once.</summary>
    LeavesOfTwo,

    /// <summary>Times when all workers but one ask to be let go.</summary>
    LeavesOfAllButOne,

    /// <summary>Workers that are to go at once, or after a notice that is shorter than their work.</summary>
    Preemptions,

    /// <summary>Times when an operator asks some workers to go, or all.</summary>
    Drains,

    /// <summary>Workers that stand still for longer than their lease.</summary>
    Hangs,

    /// <summary>Workers that join when the work has begun.</summary>
    NewWorkers,

    /// <summary>Broken connections of clients, which come back to their session.</summary>
    Disconnects,

    /// <summary>Broken connections of workers, which come back with what they run and hold.</summary>
    WorkerDisconnects,

    /// <summary>Times when one direction of a connection delivers nothing for a while.</summary>
    Partitions,

    /// <summary>Times when the scheduler stands still, some of them for longer than all leases.</summary>
    SchedulerPauses,

    /// <summary>Deaths of the scheduler, which begins again from its journal.</summary>
    SchedulerDeaths,

    /// <summary>Thousandths of workers whose memory has little or no room for what others hand over.</summary>
    TightMemory,

    /// <summary>One of the clients goes away for ever.</summary>
    ClientDeaths,

    /// <summary>Times when somebody wants results to have more holders, or workers to hold about the same.</summary>
    CopyRequests,

    /// <summary>Times when a client restarts the cluster.</summary>
    Restarts,

    /// <summary>Times when the memory of a worker, or of all, is near its limit for a while.</summary>
    MemoryPauses,
}
