using Weft.Primitives;

namespace Weft.Autoscaler.Core;

/// <summary>One of the kinds of nodes that a cluster may have. Money is in millionths of the currency, for an hour.</summary>
public sealed record NodeTypeOptions
{
    public required string Name { get; init; }

    /// <summary>Tasks that a node runs at a time.</summary>
    public required int Slots { get; init; }

    /// <summary>What tasks may ask for by name, of the whole node.</summary>
    public ResourceAmounts Resources { get; init; } = ResourceAmounts.None;

    /// <summary>What one worker process of a node has of them: no task can have more. Unless it is set: all.</summary>
    public ResourceAmounts ProcessResources
    {
        get => field ?? Resources;
        init;
    }

    /// <summary>A process whose lifetime is over is started again on the same node: workers that leave are no sign that it goes.</summary>
    public bool RestartsWorkers { get; init; }

    public int WorkersMin { get; init; }

    public required int WorkersMax { get; init; }

    /// <summary>What one node costs in an hour; zero: nothing that counts.</summary>
    public long PriceMicros { get; init; }

    /// <summary>What one spot node costs in an hour; null: as <see cref="PriceMicros"/>.</summary>
    public long? SpotPriceMicros { get; init; }

    /// <summary>Asked for as spot, first.</summary>
    public bool IsSpot { get; init; }

    /// <summary>While spot nodes of the type cannot be had: the same as ordinary ones.</summary>
    public bool FallsBackToOnDemand { get; init; }

    public long PriceOf(bool isSpot) => isSpot ? SpotPriceMicros ?? PriceMicros : PriceMicros;
}
