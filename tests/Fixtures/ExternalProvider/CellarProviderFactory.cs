using Weft.Provisioning;

namespace ExternalProvider;

/// <summary>Nodes from the machines in the cellar: a provider as somebody else would write one.</summary>
public sealed class CellarProviderFactory : IClusterProviderFactory
{
    public IReadOnlyList<SettingKey> ProviderKeys => [new("shelf", SettingKind.Text, "Which shelf.") { IsRequired = true, Allowed = ["upper", "lower", "locked", "top"] }];

    public IReadOnlyList<SettingKey> NodeKeys =>
    [
        new("box", SettingKind.Count, "Which box."),
        new("wiring", SettingKind.Any, "As the cellar knows it."),
    ];

    public IClusterProvider Create(ClusterSettings settings) => new CellarProvider(settings);
}
