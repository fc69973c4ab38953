namespace Weft.Provisioning;

/// <summary>What a provider is told of the cluster that it serves.</summary>
public sealed record ClusterSettings
{
    /// <summary>Names the cluster among all that the same person has there: letters, digits, underscores and dashes.</summary>
    public required string ClusterName { get; init; }

    /// <summary>Of the section <c>provider</c>.</summary>
    public required Settings Provider { get; init; }

    /// <summary>Of the section <c>auth</c>: how hosts are logged in to.</summary>
    public ClusterLogin Login { get; init; } = new();

    /// <summary>
    /// The cluster's own folder, an absolute path or one that begins with <c>~/</c>: for logs and what must be found again. Providers of queues expect it on a volume that all nodes share; with hosts, each
    /// has one of its own.
    /// </summary>
    public required string Folder { get; init; }

    /// <summary>Labels for whoever pays or looks: put on nodes where the system has labels.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new SortedDictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Takes lines for people.</summary>
    public Action<string> Log { get; init; } = static _ => { };
}
