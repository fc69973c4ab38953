namespace Weft.Launcher;

/// <summary>The keys of the section <c>provider</c> that all providers have.</summary>
internal static class ProviderKeys
{
    public static readonly IReadOnlyList<ClusterKey> All =
    [
        new("type", KeyForm.Text, "local (processes on this machine), ssh, sge, slurm, or external. As in Ray's files, local with head_ip means ssh.") { IsRequired = true },
        new("module", KeyForm.Text, "For external: the assembly of the provider, a path (relative to the cluster file's folder) or a name beside the weft program."),
    ];
}
