using Weft.Autoscaler.Core;
using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>What a provider is asked for, from the cluster file and the core's order.</summary>
/// <param name="configuration">As seen from the head.</param>
/// <param name="folder">The cluster's, there.</param>
/// <param name="program">The <c>weft</c> program there, unless the configuration names one.</param>
internal sealed class LaunchRequests(ClusterConfiguration configuration, ClusterFolder folder, string program)
{
    public LaunchRequest Of(LaunchNodes launch)
    {
        var type = configuration.NodeTypes.Single(type => type.Name == launch.Type);
        return Of(type, launch.First, launch.Count, launch.IsSpot);
    }

    public LaunchRequest Of(NodeTypeConfiguration type, int first, int count, bool isSpot) => new()
    {
        Type = type.Name,
        First = first,
        Count = count,
        Script = NodeScript.Worker(configuration, type, Paths),
        Files = [.. Files()],
        Capacity = type.Capacity,
        NodeSettings = type.NodeSettings,
        IsSpot = isSpot,
    };

    private string Program => configuration.Program ?? HomePath.ToPortable(program);

    private NodePaths Paths => new(Program, HomePath.ToPortable(configuration.SchedulerFile!), HomePath.ToPortable(folder.Path));

    /// <summary>For nodes that do not see this machine's files.</summary>
    private IEnumerable<NodeFile> Files()
    {
        if (configuration.Program is null)
        {
            var programFolder = Path.GetDirectoryName(program)!;
            yield return new NodeFile(programFolder, HomePath.ToPortable(programFolder));
        }

        yield return new NodeFile(configuration.SchedulerFile!, HomePath.ToPortable(configuration.SchedulerFile!));
        foreach (var mount in configuration.FileMounts)
        {
            yield return new NodeFile(HomePath.Expand(mount.Source), mount.Target) { Exclude = configuration.RsyncExclude, Filter = configuration.RsyncFilter };
        }

        foreach (var path in configuration.ClusterSyncedFiles)
        {
            yield return new NodeFile(HomePath.Expand(path), path) { Exclude = configuration.RsyncExclude, Filter = configuration.RsyncFilter };
        }
    }
}
