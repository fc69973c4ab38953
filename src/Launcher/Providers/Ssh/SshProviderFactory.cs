using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>Nodes on hosts that are given by name: a head and workers, logged in to by SSH.</summary>
internal sealed class SshProviderFactory : IClusterProviderFactory
{
    public IReadOnlyList<SettingKey> ProviderKeys => SshKeys.All;

    public IReadOnlyList<SettingKey> NodeKeys => [];

    public IReadOnlyList<SettingProblem> Check(ClusterLogin login, Settings provider) => SshCheck.Problems(login, provider);

    public IClusterProvider Create(ClusterSettings settings) => new SshProvider(settings, SshPlaces.Of(settings), TimeProvider.System);
}
