using Weft.Launcher;
using Weft.Provisioning;

namespace Weft.Providers.Tests.Ssh;

[Trait("Category", "System")]
public sealed class SshProviderTests(SshServer server) : IClassFixture<SshServer>, IAsyncLifetime
{
    private const string Sleeps = "echo begins as $WEFT_NODE of $WEFT_CLUSTER, type $WEFT_NODE_TYPE\nexec sleep 600\n";

    private readonly string _cluster = SshServer.NewClusterName();
    private readonly List<SshProvider> _providers = [];

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await using var provider = Provider(SshServer.Users);
        await provider.TerminateAsync([.. from type in (string[])["head", "cpu"] from number in Enumerable.Range(1, 5) select new NodeId(type, number)], CancellationToken.None);
        Assert.Empty(NodeProcesses.Of(_cluster));
        foreach (var other in _providers)
        {
            await other.DisposeAsync();
        }
    }

    [Fact]
    public async Task Three_nodes_run_on_three_hosts_are_listed_write_logs_and_one_is_ended()
    {
        var provider = Provider(SshServer.Users);
        await provider.CheckAsync(Ending);
        Assert.Empty(await provider.LaunchAsync(Request("cpu", 1, 3, Sleeps), Ending));

        var nodes = await provider.ListAsync(Ending);
        Assert.Equal(["cpu-1 Running", "cpu-2 Running", "cpu-3 Running"], nodes.Select(static node => $"{node.Id} {node.State}"));
        Assert.Equal(3, nodes.Select(static node => node.SystemName[node.SystemName.IndexOf("on ", StringComparison.Ordinal)..]).Distinct().Count());
        await Wait.UntilAsync("the node has written", async () => (await provider.ReadLogAsync(new NodeId("cpu", 2), 10, Ending)).Count > 0);
        Assert.Equal([$"begins as cpu-2 of {_cluster}, type cpu"], await provider.ReadLogAsync(new NodeId("cpu", 2), 10, Ending));

        await provider.TerminateAsync([new NodeId("cpu", 2)], Ending);
        Assert.Equal(["cpu-1 Running", "cpu-2 Ended", "cpu-3 Running"], await StatesAsync(provider));
        Assert.Empty(NodeProcesses.With("WEFT_NODE=cpu-2"));
    }

    private async Task<IEnumerable<string>> StatesAsync(SshProvider provider) => (await provider.ListAsync(Ending)).Select(static node => $"{node.Id} {node.State}");

    private SshProvider Provider(IReadOnlyList<string> users, params (string Key, object Value)[] more)
    {
        var settings = server.Settings(_cluster, [.. users.Select(server.HostOf)], more);
        var provider = new SshProvider(settings, SshPlaces.Of(settings), TimeProvider.System);
        _providers.Add(provider);
        return provider;
    }

    private static LaunchRequest Request(string type, int first, int count, string script) => new()
    {
        Type = type,
        First = first,
        Count = count,
        Script = script,
        Capacity = new NodeCapacity { Slots = 1 },
        NodeSettings = Settings.None,
    };
}
