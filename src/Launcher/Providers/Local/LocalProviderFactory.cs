using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>Nodes that are processes of this machine.</summary>
internal sealed class LocalProviderFactory : IClusterProviderFactory
{
    public IReadOnlyList<SettingKey> ProviderKeys => [];

    public IReadOnlyList<SettingKey> NodeKeys => [];

    public IClusterProvider Create(ClusterSettings settings) => new LocalProvider(settings);
}
