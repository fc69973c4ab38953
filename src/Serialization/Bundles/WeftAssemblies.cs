using System.Collections.Frozen;

namespace Weft.Serialization;

/// <summary>
/// Weft's own assemblies. They are never shipped, because a worker's own are the identity of the types that both sides speak of.
/// They are listed by name: a program of a user may well be called Weft.Something.
/// </summary>
internal static class WeftAssemblies
{
    private static readonly FrozenSet<string> Names = new[]
    {
        "Weft.Primitives", "Weft.Grpc", "Weft.Grpc.Server", "Weft.Protocol", "Weft.Arrow", "Weft.Serialization",
        "Weft.Scheduler.Core", "Weft.Scheduler", "Weft.Worker.Core", "Weft.Worker", "Weft.Client.Core", "Weft.Client",
        "Weft.Autoscaler.Core", "Weft.Autoscaler", "Weft.Launcher", "Weft.Graphs", "weft",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>The version that bundles name; the same for all of Weft's assemblies.</summary>
    public static string Version { get; } = typeof(WeftAssemblies).Assembly.GetName().Version!.ToString(3);

    public static bool Contains(string simpleName) => Names.Contains(simpleName);
}
