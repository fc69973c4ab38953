namespace Weft.Launcher;

/// <summary>The container that everything but the initialization commands runs in. Key names and meaning as in Ray's files.</summary>
public sealed record DockerConfiguration
{
    public required string Image { get; init; }

    public string? HeadImage { get; init; }

    public string? WorkerImage { get; init; }

    public required string ContainerName { get; init; }

    /// <summary>Fetch a newer image of the same name before each start.</summary>
    public bool PullBeforeRun { get; init; } = true;

    public IReadOnlyList<string> RunOptions { get; init; } = [];

    public IReadOnlyList<string> HeadRunOptions { get; init; } = [];

    public IReadOnlyList<string> WorkerRunOptions { get; init; } = [];
}
