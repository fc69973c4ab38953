namespace Weft.Launcher;

/// <summary>Where the head of a cluster is, from where this process runs.</summary>
internal static class HeadHosts
{
    /// <summary>Hosts by SSH have theirs among them; queues have it where jobs are submitted, or as a job that shares this machine's files.</summary>
    public static IHeadHost Of(ClusterConfiguration configuration) => configuration.ProviderType switch
    {
        _ => new LocalHeadHost(),
    };
}
