using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>Knows the keys of a provider that is not there yet, so that files for it can be read.</summary>
internal sealed class UnfinishedProviderFactory(IReadOnlyList<SettingKey> providerKeys, IReadOnlyList<SettingKey> nodeKeys) : IClusterProviderFactory
{
    public static readonly IReadOnlyList<SettingKey> GridEngineKeys =
    [
        new("queue", SettingKind.Text, "The queue."),
        new("project", SettingKind.Text, "The project."),
        new("parallel_environment", SettingKind.Text, "The parallel environment."),
        new("resources", SettingKind.TextList, "More of qsub -l."),
        new("walltime", SettingKind.Duration, "The longest that a node lives."),
        new("submit_options", SettingKind.TextList, "More arguments of qsub."),
    ];

    public static readonly IReadOnlyList<SettingKey> SlurmKeys =
    [
        new("partition", SettingKind.Text, "The partition."),
        new("account", SettingKind.Text, "The account."),
        new("time", SettingKind.Duration, "The longest that a node lives."),
        new("submit_options", SettingKind.TextList, "More arguments of sbatch."),
    ];

    public IReadOnlyList<SettingKey> ProviderKeys => providerKeys;

    public IReadOnlyList<SettingKey> NodeKeys => nodeKeys;

    public IClusterProvider Create(ClusterSettings settings) => throw new ProviderException(FailureKind.Permanent, "this provider is not built yet.");
}
