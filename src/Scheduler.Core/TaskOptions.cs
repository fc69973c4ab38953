using Weft.Primitives;

namespace Weft.Scheduler.Core;

/// <summary>What a submission asks for. Equal options are one object for each session.</summary>
public sealed record TaskOptions
{
    public static readonly TaskOptions Default = new();

    public int Priority { get; init; }

    /// <summary>How often it may run again after an exception of the user's code.</summary>
    public int Retries { get; init; }

    public ResourceAmounts Resources { get; init; } = ResourceAmounts.None;

    /// <summary>Names, addresses or hosts of workers; empty: any. Sorted.</summary>
    public IReadOnlyList<string> AllowedWorkers { get; init; } = [];

    public bool Idempotent { get; init; } = true;

    public long RunTimeoutMs { get; init; }

    public long QueueTimeoutMs { get; init; }
}
