using Weft.Primitives;
using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>One of the kinds of nodes that a cluster may have.</summary>
public sealed record NodeTypeConfiguration
{
    /// <summary>Letters, digits, dots, underscores and dashes, as in Ray's files; unique. <c>head</c> is taken.</summary>
    public required string Name { get; init; }

    public int WorkersMin { get; init; }

    public required int WorkersMax { get; init; }

    /// <summary>Cores of a node: so many tasks run at a time. A guess of one, where <see cref="TakesAllCores"/>.</summary>
    public required NodeCapacity Capacity { get; init; }

    /// <summary>The file does not say how many cores a host has: as many processes run as the host grants.</summary>
    public bool TakesAllCores { get; init; }

    /// <summary>What tasks may ask for by name, of the whole node: <c>GPU</c>, <c>licence</c>.</summary>
    public ResourceAmounts Resources { get; init; } = ResourceAmounts.None;

    /// <summary>
    /// Worker processes of a node. Null: one for each slot, or, when the node has named resources, one with all slots, because resources belong to a process. Divides slots and resources.
    /// </summary>
    public int? Processes { get; init; }

    /// <summary>What <see cref="Processes"/> comes to.</summary>
    public int ProcessCount => Processes ?? (Resources.Count > 0 ? 1 : Capacity.Slots);

    /// <summary>Of the named resources, what each process has.</summary>
    internal ResourceAmounts ProcessResources => ResourceAmounts.Of(Resources.Milli.Select(amount => KeyValuePair.Create(amount.Key, amount.Value / ProcessCount)));

    /// <summary>One process for each core of a host that only the host knows: <see cref="ProcessCount"/> is a guess then.</summary>
    public bool IsProcessPerHostCore => TakesAllCores && Processes is null && Resources.Count == 0;

    /// <summary>More arguments of <c>weft worker</c>, word by word: <c>--lifetime</c>, <c>55m</c>.</summary>
    public IReadOnlyList<string> WorkerArguments { get; init; } = [];

    /// <summary>Asked for as spot, where the provider has such a choice.</summary>
    public bool IsSpot { get; init; }

    /// <summary>When spot nodes of this type cannot be had: the same as ordinary ones.</summary>
    public bool FallsBackToOnDemand { get; init; }

    /// <summary>What one node costs in an hour, in the currency of the bounds; null: nothing that counts.</summary>
    public decimal? Price { get; init; }

    /// <summary>What one spot node costs in an hour; null: as <see cref="Price"/>.</summary>
    public decimal? SpotPrice { get; init; }

    /// <summary>What one node costs in an hour in the cheapest of the ways in which it may be had.</summary>
    internal decimal PriceLeast => (IsSpot, FallsBackToOnDemand) switch
    {
        (false, _) => Price ?? 0,
        (true, false) => SpotPrice ?? Price ?? 0,
        (true, true) => Math.Min(SpotPrice ?? Price ?? 0, Price ?? 0),
    };

    public Settings NodeSettings { get; init; } = Settings.None;

    /// <summary>In place of the cluster's own; null: those.</summary>
    public IReadOnlyList<string>? InitializationCommands { get; init; }

    /// <summary>In place of the cluster's <see cref="ClusterConfiguration.SetupCommands"/> and <see cref="ClusterConfiguration.WorkerSetupCommands"/>, as in Ray's files; null: those.</summary>
    public IReadOnlyList<string>? WorkerSetupCommands { get; init; }

    /// <summary>What its workers run in; null: no container.</summary>
    public ContainerConfiguration? Container { get; init; }
}
