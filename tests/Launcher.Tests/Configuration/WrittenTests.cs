using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace Weft.Launcher.Tests.Configuration;

/// <summary>The schema for editors and the tables of the documentation say what the reader does. Set WEFT_WRITE_SCHEMA=1 to write them instead of comparing.</summary>
public sealed class WrittenTests
{
    [Fact]
    public void The_schema_has_the_keys_that_the_reader_knows() => Same("docs/cluster.schema.json", static _ => ClusterSchema.Write());

    [Fact]
    public void The_schema_takes_a_key_with_nothing_after_it_wherever_the_reader_does()
    {
        Assert.Equal("small", Assert.Single(ClusterFileTests.Right("cluster_name: x\nprovider: {type: sge}\navailable_node_types:\n  small:\n").NodeTypes).Name);
        Assert.Equal("small", Assert.Single(ClusterFileTests.Right("cluster_name: x\nprovider: {type: sge}\navailable_node_types:\n  small:\n    node_config:\nhead:\n  node_config:\n").NodeTypes).Name);
        var schema = JsonNode.Parse(ClusterSchema.Write())!;
        var types = schema["allOf"]!.AsArray().Select(static type => type!["then"]!["properties"]!).ToList();
        var nodes = types.Select(static type => type["available_node_types"]!["additionalProperties"]!).Concat(types.Select(static type => type["head"]!));
        Assert.All(
            nodes.Select(static node => node["properties"]!["node_config"]!).Append(schema["properties"]!["available_node_types"]!["anyOf"]![0]!["additionalProperties"]!),
            static value => Assert.Contains(value["anyOf"]?.AsArray() ?? [], static form => (string?)form!["type"] == "null"));
    }

    [Fact]
    public void The_page_has_the_keys_that_the_reader_knows() => Same("docs/cluster-file.md", KeyTables.Renew);

    [Fact]
    public void The_page_has_all_tables_and_so_every_key()
    {
        var page = File.ReadAllText(PathOf("docs/cluster-file.md"));

        Assert.All(KeyTables.Names, name => Assert.Contains($"<!-- keys: {name} -->\n", page));
        Assert.All(ClusterKeys.Root, key => Assert.Contains($"| `{key.Name}` |", page));
    }

    private static void Same(string file, Func<string, string> write)
    {
        var path = PathOf(file);
        var actual = write(File.Exists(path) ? File.ReadAllText(path) : "");
        if (Environment.GetEnvironmentVariable("WEFT_WRITE_SCHEMA") == "1")
        {
            File.WriteAllText(path, actual);
        }

        Assert.Equal(File.ReadAllText(path), actual);
    }

    internal static string PathOf(string file, [CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../..", file));
}
