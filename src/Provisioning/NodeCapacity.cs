namespace Weft.Provisioning;

/// <summary>What one node offers to tasks.</summary>
public sealed record NodeCapacity
{
    /// <summary>Tasks at a time: one for each core.</summary>
    public required int Slots { get; init; }

    /// <summary>Null: as much as is granted there.</summary>
    public long? MemoryBytes { get; init; }
}
