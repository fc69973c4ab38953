namespace Weft.Autoscaler.Core;

/// <summary>What the cluster file says of its size. Times are milliseconds, money is millionths of the currency for an hour. Immutable.</summary>
public sealed record AutoscalerOptions
{
    /// <summary>A timeout that never comes.</summary>
    public const long Never = long.MaxValue;

    /// <summary>In the order of the file, which decides among types of equal price. At least one; names are unique.</summary>
    public required IReadOnlyList<NodeTypeOptions> NodeTypes { get; init; }

    /// <summary>Worker nodes of all types together.</summary>
    public required int WorkersMax { get; init; }

    /// <summary>Nodes of a type that may be on their way at once, in thousandths of those that run: 1000 doubles. Five may always be.</summary>
    public int UpscalingSpeedMilli { get; init; } = 1000;

    /// <summary>A node with nothing to do for so long goes, down to the minimum.</summary>
    public long IdleTimeoutMs { get; init; } = 5 * 60_000;

    /// <summary>The whole cluster ends after so long without a task and a client.</summary>
    public long HeadTimeoutMs { get; init; } = Never;

    /// <summary>A node that runs for so long without its workers is given up.</summary>
    public long BootTimeoutMs { get; init; } = 10 * 60_000;

    /// <summary>Waiting tasks that the slots there are work off within this need no more nodes.</summary>
    public long TargetDurationMs { get; init; } = 60_000;

    /// <summary>A node with a task that has run for so long is not taken down to reach a size that somebody asked for.</summary>
    public long LongRunningMs { get; init; } = 5 * 60_000;

    /// <summary>How long a type rests after its first failure; each further one doubles it.</summary>
    public long BackOffFirstMs { get; init; } = 10_000;

    public long BackOffMaxMs { get; init; } = 10 * 60_000;

    /// <summary>The most that one node may cost; null: no bound.</summary>
    public long? PriceMaxMicros { get; init; }

    /// <summary>The most that all nodes together may cost, those that wait and those that end too; null: no bound.</summary>
    public long? HourlyCostMaxMicros { get; init; }

    /// <exception cref="ArgumentException">A value is not allowed, or two do not go together; the message names them.</exception>
    public void Validate()
    {
        Require(NodeTypes.Count > 0, "node types: there are none.");
        Require(WorkersMax >= 0, $"max_workers is {WorkersMax}; it must be at least 0.");
        Require(UpscalingSpeedMilli >= 0, $"upscaling_speed is {UpscalingSpeedMilli} thousandths; it must be at least 0.");
        Require(PriceMaxMicros is null or >= 0, $"max_price is {PriceMaxMicros} millionths; it must be at least 0.");
        Require(HourlyCostMaxMicros is null or >= 0, $"max_hourly_cost is {HourlyCostMaxMicros} millionths; it must be at least 0.");
        RequirePositive(IdleTimeoutMs, "idle timeout");
        RequirePositive(HeadTimeoutMs, "head timeout");
        RequirePositive(BootTimeoutMs, "boot timeout");
        RequirePositive(TargetDurationMs, "target duration");
        RequirePositive(LongRunningMs, "long-running bound");
        RequirePositive(BackOffFirstMs, "first back-off");
        Require(BackOffMaxMs >= BackOffFirstMs, $"the longest back-off is {BackOffMaxMs} ms; it must be at least the first, {BackOffFirstMs} ms.");
        var names = new SortedSet<string>(StringComparer.Ordinal);
        var minimum = 0L;
        foreach (var type in NodeTypes)
        {
            Require(type.Name.Length > 0 && names.Add(type.Name), $"node type '{type.Name}': names must be unique and not empty.");
            Require(type.Slots > 0, $"node type '{type.Name}': it has {type.Slots} slots; there must be at least 1.");
            Require(type.WorkersMin >= 0 && type.WorkersMax >= type.WorkersMin, $"node type '{type.Name}': min_workers {type.WorkersMin} and max_workers {type.WorkersMax} must be 0 <= min <= max.");
            Require(type.PriceMicros >= 0 && type.SpotPriceMicros is null or >= 0, $"node type '{type.Name}': prices must be at least 0.");
            minimum += type.WorkersMin;
        }

        Require(minimum <= WorkersMax, $"the node types' min_workers are {minimum} together, more than the cluster's max_workers, {WorkersMax}.");
    }

    private static void RequirePositive(long valueMs, string name) => Require(valueMs > 0, $"the {name} is {valueMs} ms; it must be above 0.");

    private static void Require(bool isAllowed, string message)
    {
        if (!isAllowed)
        {
            throw new ArgumentException(message);
        }
    }
}
