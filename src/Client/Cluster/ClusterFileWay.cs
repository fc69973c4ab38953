using System.Reflection;

namespace Weft.Client;

/// <summary>Finds the scheduler of a cluster file. Implemented by the launcher, which knows hosts and queues; a client needs neither until somebody names such a file.</summary>
internal interface IClusterFileConnector
{
    /// <summary>A scheduler file by which the cluster's scheduler can be reached from here, for as long as the second value is not disposed.</summary>
    /// <exception cref="SchedulerLostException">The file is wrong, or its cluster is not up.</exception>
    Task<(string SchedulerFile, IAsyncDisposable Way)> OpenAsync(string clusterFile, CancellationToken cancellation);
}

/// <summary>From a cluster file to a scheduler file.</summary>
internal static class ClusterFileWay
{
    private const string Launcher = "Weft.Launcher";
    private const string Connector = "Weft.Launcher.ClusterFileConnector";

    public static bool IsClusterFile(string path) => path.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".yml", StringComparison.OrdinalIgnoreCase);

    /// <exception cref="ArgumentException">The launcher is not there.</exception>
    public static Task<(string SchedulerFile, IAsyncDisposable Way)> OpenAsync(string path, CancellationToken cancellation)
    {
        try
        {
            var type = Assembly.Load(Launcher).GetType(Connector, throwOnError: true)!;
            return ((IClusterFileConnector)Activator.CreateInstance(type)!).OpenAsync(path, cancellation);
        }
        catch (FileNotFoundException missing)
        {
            throw new ArgumentException($"'{path}' is a cluster file, and this program does not refer to {Launcher}, which finds clusters: refer to it, or name the scheduler file.", missing);
        }
    }
}
