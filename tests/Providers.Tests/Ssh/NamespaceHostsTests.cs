using Weft.Launcher;
using Weft.Provisioning;

namespace Weft.Providers.Tests.Ssh;

[Trait("Category", "System")]
public sealed class NamespaceHostsTests(NamespaceHosts hosts) : IClassFixture<NamespaceHosts>
{
    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nodes_run_on_hosts_of_different_addresses_and_a_host_without_its_plug_is_missed_until_it_is_back()
    {
        var cluster = SshServer.NewClusterName();
        var settings = hosts.Settings(cluster);
        var places = SshPlaces.Of(settings);
        await using var provider = new SshProvider(settings, places with { Login = places.Login with { RetryPause = TimeSpan.FromMilliseconds(200) } }, TimeProvider.System);
        await provider.CheckAsync(Ending);
        Assert.Empty(await provider.LaunchAsync(Request("head", 1, "exec sleep 600"), Ending));
        Assert.Empty(await provider.LaunchAsync(Request("cpu", 2, "echo I am $WEFT_NODE; exec sleep 600"), Ending));
        var all = new[] { $"cpu-1 Running {hosts.AddressOf(2)}", $"cpu-2 Running {hosts.AddressOf(3)}", $"head-1 Running {hosts.AddressOf(1)}" };
        Assert.Equal(all, await ListAsync(provider));

        await hosts.PlugAsync(3, isIn: false);
        var silence = await Assert.ThrowsAsync<ProviderException>(() => provider.ListAsync(Ending));
        Assert.Equal(FailureKind.Transient, silence.Kind);
        Assert.StartsWith($"1 of 3 hosts do not answer: weft-a@{hosts.AddressOf(3)}: ", silence.Message);
        // The same number is not given a second life elsewhere, and what the other hosts have is served.
        var failures = await provider.LaunchAsync(Request("cpu", 2, "exec sleep 600"), Ending);
        Assert.Equal(["cpu-2 Transient"], failures.Select(static failure => $"{failure.Node} {failure.Kind}"));
        Assert.Equal(["I am cpu-1"], await provider.ReadLogAsync(new NodeId("cpu", 1), 5, Ending));
        await Assert.ThrowsAsync<ProviderException>(() => provider.TerminateAsync([new NodeId("cpu", 2)], Ending));

        await hosts.PlugAsync(3, isIn: true);
        await Wait.UntilAsync("the host is back", async () => await ListOrNoneAsync(provider) is { } nodes && nodes.SequenceEqual(all));
        await provider.TerminateAsync([new NodeId("cpu", 1), new NodeId("cpu", 2), new NodeId("head", 1)], Ending);
        Assert.All(await provider.ListAsync(Ending), static node => Assert.Equal(NodeState.Ended, node.State));
        Assert.Empty(NodeProcesses.Of(cluster));
    }

    private static async Task<IEnumerable<string>> ListAsync(SshProvider provider) => (await provider.ListAsync(Ending)).Select(static node => $"{node.Id} {node.State} {node.Host}{node.Detail}");

    private static async Task<IEnumerable<string>?> ListOrNoneAsync(SshProvider provider)
    {
        try
        {
            return await ListAsync(provider);
        }
        catch (ProviderException)
        {
            return null;
        }
    }

    private static LaunchRequest Request(string type, int count, string script) => new()
    {
        Type = type,
        First = 1,
        Count = count,
        Script = script,
        Capacity = new NodeCapacity { Slots = 1 },
        NodeSettings = Settings.None,
    };
}
