namespace Weft.Launcher;

/// <summary>What somebody wants to have run.</summary>
public sealed record JobRequest
{
    /// <summary>As <see cref="JobNames"/> makes or allows it.</summary>
    public required string Id { get; init; }

    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Beside what the cluster file sets. It is nowhere written down: it may be secret.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new SortedDictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The cluster ends after it.</summary>
    public bool EndsCluster { get; init; }
}
