using Weft.Launcher;

namespace Weft.Cli;

/// <summary>What a person needs to know of a cluster that has just come up.</summary>
internal static class ClusterText
{
    public static async Task<string> OfAsync(ClusterSite site, SchedulerReach reach)
    {
        var info = await reach.AskAsync(CancellationToken.None).ConfigureAwait(false);
        var waiting = info.Nodes?.Nodes.Count(static node => node.State == "waiting") ?? 0;
        var file = await site.SchedulerFileTextAsync(CancellationToken.None).ConfigureAwait(false);
        return $"""
            cluster {site.Configuration.ClusterName} is up: {info.Workers.Count} workers{(waiting > 0 ? $", {waiting} nodes wait" : "")}
              scheduler       {info.Address}
              status page     {info.StatusUrl}
              scheduler file  {file}
            """;
    }
}
