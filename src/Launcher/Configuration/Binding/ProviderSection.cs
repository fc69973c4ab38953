using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>What the section <c>provider</c> says, and what follows from its type.</summary>
/// <param name="Type">A name of the catalog.</param>
/// <param name="Module">For an external one.</param>
/// <param name="Settings">Of the section.</param>
/// <param name="NodeKeys">What a <c>node_config</c> may have.</param>
internal sealed record ProviderSection(string Type, string? Module, Settings Settings, IReadOnlyList<ClusterKey> NodeKeys)
{
    /// <summary>With hosts, each is a node or some; null: there is no such end.</summary>
    public int? NodesMax => HasHosts
        ? Settings.TextList(SshKeys.WorkerIps).Count * (Settings.Count(SshKeys.NodesPerHost) ?? 1)
        : null;

    /// <summary>Nodes are hosts as they are: their cores need not be named.</summary>
    public bool HasHosts => Type == ProviderCatalog.Ssh;

    /// <summary>Nodes are jobs of a batch system: it brings them their script, and no files.</summary>
    public bool IsQueue => Type is ProviderCatalog.GridEngine or ProviderCatalog.Slurm;

    /// <summary>The head and all nodes are processes of one machine: nothing need be heard outside of it.</summary>
    public bool IsOneMachine => Type == ProviderCatalog.Local;
}
