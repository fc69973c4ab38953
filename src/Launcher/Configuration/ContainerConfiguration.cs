namespace Weft.Launcher;

/// <summary>The container that all of a node but its initialization commands runs in.</summary>
public sealed record ContainerConfiguration
{
    public required string Image { get; init; }

    /// <summary>Begins the container's name; the node's follows.</summary>
    public required string Name { get; init; }

    /// <summary>Fetch a newer image of the same name before each start.</summary>
    public bool PullBeforeRun { get; init; } = true;

    /// <summary>More arguments of <c>docker run</c>, as the shell reads them.</summary>
    public IReadOnlyList<string> RunOptions { get; init; } = [];
}
