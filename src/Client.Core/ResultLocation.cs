using Weft.Primitives;

namespace Weft.Client.Core;

/// <summary>Where a large result can be fetched.</summary>
/// <param name="SizeBytes">Of the result as it will come.</param>
/// <param name="Holders">Workers that have it; may be empty: then only the scheduler can help.</param>
/// <param name="StoredAs">The id under which they have it.</param>
public sealed record ResultLocation(long SizeBytes, IReadOnlyList<ResultHolder> Holders, TaskId StoredAs);

/// <param name="Address"><c>host:port</c>.</param>
/// <param name="Fingerprint">SHA-256 of its certificate; empty: cleartext.</param>
public sealed record ResultHolder(string Address, string Fingerprint);
