using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>The providers that cluster files can name.</summary>
internal static class ProviderCatalog
{
    public const string Local = "local";
    public const string Ssh = "ssh";
    public const string GridEngine = "sge";
    public const string Slurm = "slurm";
    public const string External = "external";

    private const string Instead = "there are local, ssh, sge, slurm, and external for one of your own";

    public static readonly IReadOnlyList<ProviderType> Types =
    [
        new(Local, static () => new LocalProviderFactory()),
        new(Ssh, static () => new SshProviderFactory()),
        new(GridEngine, static () => new GridEngineProviderFactory()),
        new(Slurm, static () => new SlurmProviderFactory()),
        new(External, null),
        new("aws", null) { NotBuilt = $"the provider for EC2 is not built yet: {Instead}." },
        new("kubernetes", null) { NotBuilt = $"the provider for Kubernetes is not built yet: {Instead}." },
    ];

    /// <summary>The types that a cluster file can have now.</summary>
    public static IEnumerable<string> Names => Types.Where(static type => type.NotBuilt is null).Select(static type => type.Name);

    /// <summary>The factory of a type.</summary>
    /// <param name="type">One of <see cref="Names"/>.</param>
    /// <param name="module">For <see cref="External"/>: the path of its assembly, or a name beside this program.</param>
    /// <exception cref="ProviderException">There is none, or the module cannot be used; one line says why.</exception>
    public static IClusterProviderFactory Factory(string type, string? module)
    {
        if (type == External)
        {
            return ExternalProvider.Load(module ?? throw new ProviderException(FailureKind.Permanent, "provider.module is missing: the assembly of the external provider."));
        }

        var known = Types.FirstOrDefault(one => one.Name == type);
        return known?.Create?.Invoke() ?? throw new ProviderException(FailureKind.Permanent, known?.NotBuilt ?? $"there is no provider '{type}': {Instead}.");
    }

    /// <summary>The provider of a cluster.</summary>
    /// <exception cref="ProviderException">There is none, the module cannot be used, or the settings do not go together.</exception>
    public static IClusterProvider Create(ClusterConfiguration configuration, ClusterSettings settings) =>
        Factory(configuration.ProviderType, configuration.ProviderModule).Create(settings);
}
