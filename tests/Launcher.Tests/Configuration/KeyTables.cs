using System.Text;
using System.Text.RegularExpressions;

namespace Weft.Launcher.Tests.Configuration;

/// <summary>Writes the tables of keys of the page about the cluster file.</summary>
internal static partial class KeyTables
{
    /// <summary>The page with each table, between its marks, as the keys are now.</summary>
    public static string Renew(string page) => Marked().Replace(page, static found => $"<!-- keys: {found.Groups[1].Value} -->\n\n{Table(found.Groups[1].Value)}\n<!-- end -->");

    /// <summary>All tables that the page must have.</summary>
    public static IEnumerable<string> Names =>
    [
        "cluster", "provider", "head", "node type", "auth", "docker", "docker of a node type", "ray", "ray provider",
        .. new[] { ProviderCatalog.Ssh, ProviderCatalog.GridEngine, ProviderCatalog.Slurm }.SelectMany(static type => new[] { $"{type} provider", $"{type} node" }),
    ];

    private static string Table(string name) => name switch
    {
        "cluster" => Ours(ClusterKeys.Root),
        "provider" => Ours(ProviderKeys.All),
        "head" => Ours(HeadKeys.All),
        "node type" => Ours(NodeTypeKeys.All),
        "auth" => Ours(LoginKeys.All),
        "docker" => Ours(DockerKeys.OfCluster),
        "docker of a node type" => Ours(DockerKeys.OfNodeType),
        "ray" => Others([.. ClusterKeys.Root, .. Inner("auth.", LoginKeys.All), .. Inner("docker.", DockerKeys.OfCluster), .. Inner("available_node_types.NAME.", NodeTypeKeys.All)]),
        "ray provider" => Others([.. Inner("provider.", RayKeys.Provider)]),
        _ when name.Split(' ') is [var type, "provider"] => Ours([.. ProviderCatalog.Factory(type, null).ProviderKeys.Select(ClusterKey.Of)]),
        _ when name.Split(' ') is [var type, "node"] => Ours([.. ProviderCatalog.Factory(type, null).NodeKeys.Select(ClusterKey.Of)]),
        _ => throw new ArgumentException($"There is no table '{name}'.", nameof(name)),
    };

    private static IEnumerable<ClusterKey> Inner(string section, IEnumerable<ClusterKey> keys) => keys.Select(key => key with { Name = section + key.Name });

    private static string Ours(IReadOnlyList<ClusterKey> keys)
    {
        if (keys.Count == 0)
        {
            return "None.\n";
        }

        var hasDefaults = keys.Any(static key => key.Default is not null);
        var table = new StringBuilder(hasDefaults ? "| key | value | default | meaning |\n|---|---|---|---|\n" : "| key | value | meaning |\n|---|---|---|\n");
        foreach (var key in keys.Where(static key => key.IsOurs))
        {
            var missing = key.IsRequired ? "required" : key.Default ?? "";
            table.Append($"| `{key.Name}` | {KeyFormText.Short(key)} | {(hasDefaults ? $"{missing} | " : key.IsRequired ? "Required. " : "")}{key.Description} |\n");
        }

        return table.ToString();
    }

    private static string Others(IReadOnlyList<ClusterKey> keys)
    {
        var table = new StringBuilder("| key | what becomes of it |\n|---|---|\n");
        foreach (var key in keys.Where(static key => !key.IsOurs))
        {
            table.Append($"| `{key.Name}` | {(key.Refused is { } instead ? $"an error: {instead}" : $"a note: {key.Ignored}{(key.IsOnlyFalse ? "; an error where it is true" : "")}")} |\n");
        }

        return table.ToString();
    }

    [GeneratedRegex(@"<!-- keys: ([a-z ]+) -->.*?<!-- end -->", RegexOptions.Singleline)]
    private static partial Regex Marked();
}
