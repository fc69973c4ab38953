using System.Diagnostics.CodeAnalysis;

namespace Weft.Launcher;

/// <summary>
/// What a job is called: <c>weft.CLUSTER.TYPE</c>. It begins with a letter, as Grid Engine asks for; a cluster's name has no dots, so the type may have some.
/// </summary>
internal static class GridEngineJobName
{
    public static string Of(string cluster, string type) => $"weft.{cluster}.{type}";

    /// <summary>Whether it is a job of that cluster, and of which node type.</summary>
    public static bool TryRead(string cluster, string name, [NotNullWhen(true)] out string? type)
    {
        var prefix = Of(cluster, "");
        type = name.StartsWith(prefix, StringComparison.Ordinal) && name.Length > prefix.Length ? name[prefix.Length..] : null;
        return type is not null;
    }
}
