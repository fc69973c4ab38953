using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>A cluster file is written for the machine of whoever starts the cluster; the head has a copy of it.</summary>
internal static class HeadView
{
    /// <summary>The same configuration with the head's own paths: what was mounted is there, the key is in the folder, nothing is left to be filled in.</summary>
    public static ClusterConfiguration AsSeenFrom(this ClusterConfiguration configuration, ClusterFolder folder) => configuration with
    {
        SchedulerFile = configuration.SchedulerFile is { } named ? HomePath.Expand(named) : folder.SchedulerFile,
        Journal = HomePath.Expand(configuration.Journal),
        FileMounts = [.. configuration.FileMounts.Select(static mount => mount with { Source = mount.Target })],
        Login = File.Exists(folder.PrivateKey) ? configuration.Login with { PrivateKey = folder.PrivateKey } : configuration.Login,
    };

    /// <summary>What a provider is told.</summary>
    public static ClusterSettings SettingsFor(this ClusterConfiguration configuration, string folder, Action<string> log) => new()
    {
        ClusterName = configuration.ClusterName,
        Provider = configuration.Provider,
        Login = configuration.Login,
        Folder = folder,
        Tags = configuration.Tags,
        Log = log,
    };
}
