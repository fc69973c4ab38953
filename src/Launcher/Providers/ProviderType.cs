using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>A word that <c>provider.type</c> may be.</summary>
/// <param name="Name">As it is written.</param>
/// <param name="Create">Makes its factory; null: it is known, and there is none.</param>
internal sealed record ProviderType(string Name, Func<IClusterProviderFactory>? Create)
{
    /// <summary>Why there is no factory, and what there is instead.</summary>
    public string? NotBuilt { get; init; }
}
