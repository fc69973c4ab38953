namespace Weft.Launcher;

/// <summary>A cluster's own folder on the machine of its head.</summary>
public sealed class ClusterFolder(string path)
{
    /// <summary>Where it is when nobody says otherwise: in the home of whoever the head runs as.</summary>
    public static string UsualOf(string clusterName) => $"~/.weft/clusters/{clusterName}";

    /// <summary>An absolute path there, or one that begins with <c>~/</c>.</summary>
    public string Path => path;

    /// <summary>A copy of what <c>weft up</c> was given. The autoscaler follows its changes.</summary>
    public string ConfigurationFile => $"{path}/cluster.yaml";

    /// <summary>The folder that it was copied from, which relative paths in it are relative to.</summary>
    public string OriginFile => $"{path}/origin";

    /// <summary>The machine that the head is a process of, where that is the one <c>weft up</c> runs on.</summary>
    public string MachineFile => $"{path}/machine";

    public string SchedulerFile => $"{path}/scheduler.json";

    /// <summary>What nodes have written: <c>NODE.log</c>.</summary>
    public string Logs => $"{path}/logs";

    /// <summary>How nodes ended; the head's own end is still to be written there when it clears up.</summary>
    public string Nodes => $"{path}/nodes";

    /// <summary>Programs that were submitted, what they wrote and how they ended. They stay when the cluster goes.</summary>
    public string Jobs => $"{path}/jobs";

    /// <summary>The key by which the head logs in to other hosts.</summary>
    public string PrivateKey => $"{path}/login.key";

    /// <summary>The keys of other hosts, as they are known where the cluster was started.</summary>
    public string KnownHosts => $"{path}/known_hosts";

    /// <summary>The size that people asked for last.</summary>
    public string TargetFile => $"{path}/target.json";

    /// <summary>The last node of each type that was asked for.</summary>
    public string NumbersFile => $"{path}/numbers.txt";
}
