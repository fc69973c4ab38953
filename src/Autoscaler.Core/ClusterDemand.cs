namespace Weft.Autoscaler.Core;

/// <summary>What the scheduler has to do.</summary>
public sealed record ClusterDemand
{
    /// <summary>Rows of the same shape may repeat, for functions of different lengths. In any order.</summary>
    public IReadOnlyList<DemandRow> Rows { get; init; } = [];

    public bool HasClients { get; init; }

    /// <summary>For how long there has been no task to do; zero: there is one.</summary>
    public long SinceWorkMs { get; init; }
}
