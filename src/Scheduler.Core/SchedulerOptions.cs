namespace Weft.Scheduler.Core;

/// <summary>What may be set about the core. All bounds are counts, bytes or milliseconds.</summary>
public sealed record SchedulerOptions
{
    /// <summary>This scheduler's epoch: the upper half of every attempt it gives out.</summary>
    public uint Epoch { get; init; } = 1;

    /// <summary>Whether facts are kept for a journal; without one, what a client says is safe at once.</summary>
    public bool KeepsFacts { get; init; }

    /// <summary>Results up to this size live at the scheduler.</summary>
    public int InlineBytesMax { get; init; } = 4096;

    /// <summary>
    /// Values that live at the scheduler, all together. Above it workers keep the results of what is assigned from then on, small ones too, until it has
    /// fallen to half.
    /// </summary>
    public long InlineBudgetBytes { get; init; } = 512L << 20;

    /// <summary>Values and arguments that live at the scheduler, all together. What clients send beyond it is refused.</summary>
    public long ClientBytesMax { get; init; } = long.MaxValue;

    /// <summary>Work that is sent to a slot ahead of time, so that it never waits for a round trip.</summary>
    public long PrefillNs { get; init; } = 20_000_000;

    /// <summary>The most tasks one slot is sent ahead of time, however short they are.</summary>
    public int PrefillTasksMax { get; init; } = 16_384;

    /// <summary>The most bytes of arguments that one assignment carries.</summary>
    public long PrefillBytesMax { get; init; } = 16 << 20;

    /// <summary>What the runtime itself costs for each task, added to measured durations so that empty tasks have a length.</summary>
    public long OverheadNs { get; init; } = 500;

    /// <summary>A task may be running on this many workers that die before it is given up.</summary>
    public int AllowedFailures { get; init; } = 3;

    /// <summary>How long the supervisor of a dead worker has to tell what it was running: a process that aborts may first write its core, for seconds.</summary>
    public long BlameWaitMs { get; init; } = 5_000;

    /// <summary>How long a session without its connection keeps what it holds.</summary>
    public long SessionKeepMs { get; init; } = 60_000;

    /// <summary>A worker that said nothing for this long is lost.</summary>
    public long WorkerLeaseMs { get; init; } = 30_000;

    /// <summary>Names that results may have, all sessions together. At the bound another is refused.</summary>
    public int PublishedNamesMax { get; init; } = 10_000;

    /// <summary>Values that travel with one assignment; beyond it inputs are sent ahead and named by id.</summary>
    public int ImmediateBytesMax { get; init; } = 8 << 20;

    /// <summary>What moving a byte between workers is taken to cost: 1 GB/s.</summary>
    public long TransferNsPerByte { get; init; } = 1;

    /// <summary>What any transfer costs at least.</summary>
    public long TransferNsMin { get; init; } = 100_000;

    /// <summary>How many entries the log of transitions keeps, of which stories are told.</summary>
    public int StoryEntriesMax { get; init; } = 65_536;
}
