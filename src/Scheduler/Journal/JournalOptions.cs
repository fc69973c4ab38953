using Microsoft.Win32.SafeHandles;

namespace Weft.Scheduler;

/// <summary>How a journal is kept.</summary>
internal sealed record JournalOptions
{
    public required string Folder { get; init; }

    /// <summary>The lowest epoch to claim: above what a scheduler file of before bears, should the journal be gone.</summary>
    public uint EpochMin { get; init; } = 1;

    /// <summary>What was written is on the disk so much later, if the disk keeps up.</summary>
    public TimeSpan SyncInterval { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>While the disk takes nothing, it is tried again so often.</summary>
    public TimeSpan RetryInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A log is not shortened before it is so long, nor before it is twice as long as the last snapshot.</summary>
    public long LogBytesMin { get; init; } = 64L << 20;

    /// <summary>The log when nobody takes a snapshot, or none can be written. At the bound the journal is suspended.</summary>
    public long LogBytesMax { get; init; } = 8L << 30;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where lines for the operator go.</summary>
    public Action<string> Log { get; init; } = static _ => { };

    /// <summary>Makes a new file.</summary>
    public Func<string, SafeFileHandle> Create { get; init; } = PrivateFile.Create;
}
