using System.CommandLine;
using Weft.Launcher;

namespace Weft.Cli;

/// <summary>The way to a scheduler that people named by a cluster file or by a scheduler file.</summary>
internal static class SchedulerReachArgument
{
    /// <param name="parsed">The command line.</param>
    /// <param name="clusterFile">Null: none was given.</param>
    /// <param name="schedulerFile">The other way to name one.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="LaunchException">Both or none are given, or the cluster is not up.</exception>
    public static async Task<SchedulerReach> OpenAsync(ParseResult parsed, string? clusterFile, Option<string?> schedulerFile, CancellationToken cancellation)
    {
        if (clusterFile is null)
        {
            return SchedulerReach.OfFile(parsed.Required(schedulerFile));
        }

        if (parsed.GetValue(schedulerFile) is not null)
        {
            throw new LaunchException(ExitCodes.Usage, $"a cluster file ('{clusterFile}') and --scheduler-file name the same thing: give one of them.");
        }

        var site = ClusterSite.Open(clusterFile, static _ => { });
        try
        {
            return (await SchedulerReach.RequireAsync(site, cancellation).ConfigureAwait(false)).Owning(site);
        }
        catch
        {
            await site.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
