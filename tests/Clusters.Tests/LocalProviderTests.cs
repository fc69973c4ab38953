namespace Weft.Clusters.Tests;

public sealed class LocalProviderTests
{
    [Fact]
    public async Task Local_nodes_do_what_every_provider_must()
    {
        await using var cluster = LocalClusterUnderTest.Create();
        await Conformance.RunAsync(cluster);
    }
}
