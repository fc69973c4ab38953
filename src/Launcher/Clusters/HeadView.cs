using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>A cluster file is written for the machine of whoever starts the cluster; the head has a copy of it.</summary>
internal static class HeadView
{
    /// <summary>Reads the head's copy.</summary>
    /// <exception cref="LaunchException">It cannot be read, or is wrong.</exception>
    public static ClusterConfiguration Load(ClusterFolder folder) =>
        ClusterFile.Load(folder.ConfigurationFile, File.Exists(folder.OriginFile) ? File.ReadAllText(folder.OriginFile) : null).AsSeenFrom(folder);

    /// <summary>The same configuration with the head's own paths: what was mounted is there, keys are in the folder, nothing is left to be filled in.</summary>
    public static ClusterConfiguration AsSeenFrom(this ClusterConfiguration configuration, ClusterFolder folder) => configuration with
    {
        SchedulerFile = configuration.SchedulerFile is { } named ? HomePath.Expand(named) : folder.SchedulerFile,
        Journal = HomePath.Expand(configuration.Journal),
        FileMounts = [.. configuration.FileMounts.Select(static mount => mount with { Source = mount.Target })],
        Login = LoginFrom(configuration.Login, folder),
        Provider = configuration.Provider.Has(SshKeys.KnownHosts) && File.Exists(folder.KnownHosts) ? configuration.Provider.With(SshKeys.KnownHosts, folder.KnownHosts) : configuration.Provider,
    };

    /// <summary>A proxy leads from outside to the cluster's network, which the head is in: it has neither the proxy's key nor its program.</summary>
    private static ClusterLogin LoginFrom(ClusterLogin login, ClusterFolder folder) => login with
    {
        PrivateKey = File.Exists(folder.PrivateKey) ? folder.PrivateKey : login.PrivateKey,
        ProxyCommand = null,
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
