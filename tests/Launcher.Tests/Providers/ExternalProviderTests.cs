using Weft.Provisioning;

namespace Weft.Launcher.Tests.Providers;

/// <summary>A provider that somebody else has written, from its assembly.</summary>
public sealed class ExternalProviderTests
{
    private const string Start = "cluster_name: x\n";

    [Theory]
    [InlineData("ExternalProvider")]
    [InlineData("ExternalProvider.dll")]
    [InlineData("./ExternalProvider.dll")]
    public void It_is_found_by_name_and_by_path_and_says_its_own_keys(string module)
    {
        var cluster = Read($$"""
            provider: {type: external, module: {{module}}, shelf: upper}
            available_node_types:
              old: {node_config: {box: 7, wiring: {a: [1, x, true] } } }
            """).Configuration!;

        Assert.Equal("upper", cluster.Provider.Text("shelf"));
        Assert.False(cluster.Provider.Has("module"));
        Assert.Equal(7, cluster.NodeTypes[0].NodeSettings.Count("box"));
        Assert.Equal("""{"a":[1,"x",true]}""", cluster.NodeTypes[0].NodeSettings.Any("wiring")!.ToJsonString());
        var provider = ProviderCatalog.Create(cluster, new ClusterSettings { ClusterName = "x", Provider = cluster.Provider, Folder = "~/x" });
        var request = new LaunchRequest { Type = "old", First = 1, Count = 3, Script = "", Capacity = new NodeCapacity { Slots = 1 }, NodeSettings = Settings.None };
        Assert.Equal("3 from the upper shelf", provider.Describe(request));
    }

    [Fact]
    public void Its_keys_are_checked_like_all_others() => Assert.Equal(
        [
            "c.yaml:2:61: provider.shelf: 'uper' is not allowed; allowed is one of upper, lower, locked, top. Did you mean 'upper'?",
            "c.yaml:2:67: provider.shelve: there is no such key. Did you mean 'shelf'?",
            "c.yaml:4:23: available_node_types.old.node_config.bux: there is no such key. Did you mean 'box'?",
        ],
        Problems("provider: {type: external, module: ExternalProvider, shelf: uper, shelve: 1}\navailable_node_types:\n  old: {node_config: {bux: 7}}\n"));

    [Theory]
    [InlineData("NoSuch", "the provider's module 'NoSuch' cannot be used: there is no file ")]
    [InlineData("/no/such.dll", "the provider's module '/no/such.dll' cannot be used: there is no file /no/such.dll.")]
    [InlineData("Weft.Primitives", "the provider's module 'Weft.Primitives' cannot be used: no class in it implements Weft.Provisioning.IClusterProviderFactory.")]
    [InlineData("Weft.Launcher.Tests", "the provider's module 'Weft.Launcher.Tests' cannot be used: several classes in it implement IClusterProviderFactory: ")]
    [InlineData("./Weft.Launcher.Tests.runtimeconfig.json", "cannot be used: ")]
    public void A_module_that_cannot_be_used_is_one_clear_line(string module, string problem)
    {
        var line = Assert.Single(Problems($"provider: {{type: external, module: {module}}}\n"));

        Assert.StartsWith("c.yaml:2:36: provider.module: the provider's module '", line);
        Assert.Contains(problem, line);
        Assert.DoesNotContain('\n', line);
    }

    private static ClusterFileResult Read(string text) => ClusterFile.Parse(Start + text, Path.Combine(AppContext.BaseDirectory, "c.yaml"));

    private static IEnumerable<string> Problems(string text) => Read(text).Problems.Select(static problem => (problem with { File = "c.yaml" }).ToString());

    private abstract class Deaf : IClusterProviderFactory
    {
        public IReadOnlyList<SettingKey> ProviderKeys => [];

        public IReadOnlyList<SettingKey> NodeKeys => [];

        public IClusterProvider Create(ClusterSettings settings) => throw new NotSupportedException();
    }

    private sealed class First : Deaf;

    private sealed class Second : Deaf;
}
