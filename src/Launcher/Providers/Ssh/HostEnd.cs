using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>What a host says after it was told to end nodes.</summary>
/// <param name="Found">Those of them that it knew.</param>
/// <param name="Left">The ids of processes that could not be ended.</param>
internal sealed record HostEnd(IReadOnlySet<NodeId> Found, IReadOnlyList<string> Left);
