using System.Globalization;
using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>What a job is called: <c>weft.CLUSTER.TYPE.BLOCK</c>. A cluster's name and a number have no dots, so the type may have some.</summary>
internal readonly record struct SlurmJobName(string Type, int Block)
{
    public string Of(string cluster) => string.Create(CultureInfo.InvariantCulture, $"{Prefix(cluster)}{Type}.{Block}");

    /// <summary>Whether it is a job of that cluster.</summary>
    public static bool TryRead(string cluster, string name, out SlurmJobName job)
    {
        var prefix = Prefix(cluster);
        var dot = name.LastIndexOf('.');
        if (name.StartsWith(prefix, StringComparison.Ordinal) && dot > prefix.Length
            && int.TryParse(name.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var block))
        {
            job = new SlurmJobName(name[prefix.Length..dot], block);
            return true;
        }

        job = default;
        return false;
    }

    public NodeId Node(int index) => new(Type, Block + index);

    private static string Prefix(string cluster) => $"weft.{cluster}.";
}
