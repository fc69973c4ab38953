namespace Weft.Client.Core;

/// <summary>Limits of a session.</summary>
public sealed record SessionSettings
{
    /// <summary>How long futures wait for a broken connection before they fail.</summary>
    public long ReconnectTimeoutMs { get; init; } = 30_000;

    /// <summary>Above this many unacknowledged bytes submitters are kept waiting.</summary>
    public long UnacknowledgedBytesMax { get; init; } = 256L * 1024 * 1024;

    /// <summary>A message is closed when it has this many bytes.</summary>
    public long BatchBytesMax { get; init; } = 1024 * 1024;
}
