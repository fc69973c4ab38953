namespace Weft.Worker.Core;

/// <summary>Bounds of the core, each with what happens at it.</summary>
public sealed record WorkerCoreLimits
{
    public static WorkerCoreLimits Default { get; } = new();

    /// <summary>Attempts that may wait inside, each on a thread of its own; one more keeps its slot while it waits.</summary>
    public int WaitsMax { get; init; } = 1000;

    /// <summary>Requests under way to one peer; more inputs wait for their turn.</summary>
    public int FetchesPerPeerMax { get; init; } = 2;

    /// <summary>Requests under way to all peers.</summary>
    public int FetchesMax { get; init; } = 16;

    public int TasksPerFetchMax { get; init; } = 64;

    /// <summary>A request ends with the input that reaches this.</summary>
    public long BytesPerFetchMax { get; init; } = 16 << 20;

    /// <summary>No further request begins once this is under way.</summary>
    public long BytesInFlightMax { get; init; } = 128 << 20;

    /// <summary>Runs of tasks whose holders are remembered; beyond it the oldest are forgotten, and their tasks reported missing when needed.</summary>
    public int HolderRunsMax { get; init; } = 16_384;

    /// <summary>Measured work that a slot takes at once.</summary>
    public long ChunkNs { get; init; } = 1_000_000;

    public int ChunkTasksMax { get; init; } = 4096;

    /// <summary>An attempt that has run so long is reported as started, and what its chunk has not begun goes back to the queue.</summary>
    public long StartedAfterMs { get; init; } = 5;

    /// <summary>Steps that a story can look back on.</summary>
    public int StoryLength { get; init; } = 4096;
}
