using Weft.Primitives;

namespace Weft.Client.Core;

/// <summary>What a submission may ask for. Equal options are sent once and share a number.</summary>
public sealed class SubmissionOptions : IEquatable<SubmissionOptions>
{
    public static readonly SubmissionOptions Default = new();

    public int Priority { get; init; }

    public int Retries { get; init; }

    public ResourceAmounts Resources { get; init; } = ResourceAmounts.None;

    public IReadOnlyList<string> AllowedWorkers { get; init; } = [];

    public bool NotIdempotent { get; init; }

    /// <summary>0: none.</summary>
    public long RunTimeoutMs { get; init; }

    /// <summary>0: none.</summary>
    public long QueueTimeoutMs { get; init; }

    public bool Equals(SubmissionOptions? other) =>
        other is not null
        && Priority == other.Priority
        && Retries == other.Retries
        && NotIdempotent == other.NotIdempotent
        && RunTimeoutMs == other.RunTimeoutMs
        && QueueTimeoutMs == other.QueueTimeoutMs
        && Resources.Equals(other.Resources)
        && AllowedWorkers.SequenceEqual(other.AllowedWorkers, StringComparer.Ordinal);

    public override bool Equals(object? obj) => Equals(obj as SubmissionOptions);

    // Few options differ in a session, and mostly in these: collisions cost a comparison.
    public override int GetHashCode() => (Priority * 31) + (Retries * 7) + AllowedWorkers.Count + (int)RunTimeoutMs;
}
