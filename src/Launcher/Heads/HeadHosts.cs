using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>Where the head of a cluster is, from where this process runs.</summary>
internal static class HeadHosts
{
    /// <summary>Hosts by SSH have theirs among them; others have it here: a queue's jobs are submitted from here, and share this machine's files.</summary>
    /// <exception cref="ProviderException">The settings do not go together.</exception>
    public static IHeadHost Of(ClusterConfiguration configuration)
    {
        if (configuration.ProviderType != ProviderCatalog.Ssh)
        {
            return new LocalHeadHost();
        }

        var places = SshPlaces.Of(configuration.SettingsFor("", static _ => { }));
        return new SshHeadHost(places.Login, places.Head, TimeProvider.System);
    }
}
