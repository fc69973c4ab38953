using Weft.Launcher;
using Weft.Provisioning;

namespace Weft.Providers.Tests.Queues;

/// <summary>What holds of every batch system, seen on a real one.</summary>
public abstract class QueueSystemTests : IAsyncLifetime
{
    /// <summary>A node as a worker is one: it says who it is, runs until it is told to leave, and leaves.</summary>
    protected const string Node = """
        trap 'echo "$WEFT_NODE leaves"; exit 0' TERM USR2
        echo "$WEFT_NODE of type $WEFT_NODE_TYPE in $WEFT_CLUSTER"
        while :; do sleep 0.2; done
        """;

    private protected abstract RealQueue Queue { get; }

    private protected static CancellationToken Ended => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await Queue.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await Queue.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Nodes_run_on_hosts_write_logs_and_are_found_again_by_whoever_asks()
    {
        var provider = Queue.Open();
        await provider.CheckAsync(Ended);
        Assert.Empty(await provider.LaunchAsync(Request(4, 3), Ended));

        var running = await RealQueue.UntilAsync(provider, "three nodes run", static nodes => nodes.Count(static node => node.State == NodeState.Running) == 3);
        Assert.Equal(["cpu-4", "cpu-5", "cpu-6"], running.Select(static node => node.Id.ToString()));
        Assert.All(running, static node => Assert.Equal(Environment.MachineName, node.Host));
        await UntilLogAsync(provider, 5, $"cpu-5 of type cpu in {Queue.Cluster}");

        var stranger = Queue.Open();
        await stranger.TerminateAsync([new NodeId("cpu", 5), new NodeId("cpu", 99)], Ended);
        await RealQueue.UntilAsync(provider, "two nodes are left", static nodes => Live(nodes) is ["cpu-4", "cpu-6"] && nodes.All(static node => node.State != NodeState.Ending));
        await UntilLogAsync(provider, 5, "cpu-5 leaves");
        await stranger.TerminateAsync([new NodeId("cpu", 5)], Ended);

        Assert.Empty(await stranger.LaunchAsync(Request(4, 3), Ended));
        await RealQueue.UntilAsync(provider, "the third is back", static nodes => Live(nodes) is ["cpu-4", "cpu-5", "cpu-6"]);
        Assert.Empty(await provider.LaunchAsync(Request(4, 3), Ended));
        Assert.Equal(2, Queue.Submissions.Count);

        await provider.TerminateAsync(running.Select(static node => node.Id).ToList(), Ended);
        await RealQueue.UntilAsync(stranger, "nothing is left", static nodes => Live(nodes).Length == 0);
    }

    [Fact]
    public async Task A_hundred_nodes_are_one_submission_and_wait_with_the_systems_own_reason()
    {
        var provider = Queue.Open(Queue.Held);
        Assert.Empty(await provider.LaunchAsync(Request(1, 100), Ended));
        Assert.Single(Queue.Submissions);

        var nodes = await provider.ListAsync(Ended);
        Assert.Equal(100, nodes.Count);
        Assert.All(nodes, static node => Assert.Equal(NodeState.Waiting, node.State));
        Assert.Equal([Queue.HeldReason], nodes.Select(static node => node.Detail).Distinct());

        await provider.TerminateAsync(nodes.Select(static node => node.Id).ToList(), Ended);
        await RealQueue.UntilAsync(provider, "nothing is left", static left => Live(left).Length == 0);
    }

    [Fact]
    public async Task A_queue_that_there_is_not_is_told_in_the_systems_own_words()
    {
        var provider = Queue.Open(new Dictionary<string, object> { [Queue.QueueKey] = "nosuch" });
        var check = await Assert.ThrowsAsync<ProviderException>(() => provider.CheckAsync(Ended));
        var launch = await Assert.ThrowsAsync<ProviderException>(() => provider.LaunchAsync(Request(1, 2), Ended));
        Assert.All([check, launch], static failure => Assert.Equal(FailureKind.Permanent, failure.Kind));
        Assert.All([check, launch], static failure => Assert.Contains("nosuch", failure.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nodes_of_other_clusters_are_left_alone()
    {
        var other = Queue.Open(Queue.Held, $"{Queue.Cluster}-2");
        await other.LaunchAsync(Request(1, 2), Ended);
        var provider = Queue.Open(Queue.Held);
        await provider.LaunchAsync(Request(1, 1), Ended);

        await provider.TerminateAsync([new NodeId("cpu", 1), new NodeId("cpu", 2)], Ended);
        await RealQueue.UntilAsync(provider, "its own is gone", static nodes => Live(nodes).Length == 0);
        Assert.Equal(["cpu-1", "cpu-2"], Live(await other.ListAsync(Ended)));
    }

    [Fact]
    public async Task A_launch_whose_answer_was_lost_is_not_made_twice()
    {
        Queue.OnAnswer = (program, _) =>
        {
            if (program == Queue.Submit)
            {
                throw new ProviderException(FailureKind.Transient, "no answer");
            }
        };
        var provider = Queue.Open(Queue.Held);
        Assert.Empty(await provider.LaunchAsync(Request(1, 3), Ended));
        Assert.Empty(await provider.LaunchAsync(Request(1, 3), Ended));
        Assert.Single(Queue.Submissions);
        Assert.Equal(["cpu-1", "cpu-2", "cpu-3"], Live(await provider.ListAsync(Ended)));
    }

    [Fact]
    public async Task The_sites_commands_run_around_a_node_also_when_it_is_told_to_end()
    {
        var provider = Queue.Open(new Dictionary<string, object>
        {
            ["prologue"] = new[] { "SITE=here # as a module would", "export SITE" },
            ["epilogue"] = new[] { "echo \"after $WEFT_NODE\"" },
        });
        await provider.LaunchAsync(Request(1, 1, $"echo \"site $SITE\"\n{Node}"), Ended);
        await UntilLogAsync(provider, 1, "site here");

        await provider.TerminateAsync([new NodeId("cpu", 1)], Ended);
        await UntilLogAsync(provider, 1, "after cpu-1");
        Assert.Contains("cpu-1 leaves", await provider.ReadLogAsync(new NodeId("cpu", 1), 100, Ended));
    }

    [Fact]
    public async Task A_node_hears_of_its_end_before_its_time_is_up()
    {
        // Slurm counts in minutes and may speak a minute early: so far ahead that nobody has to wait for it.
        var provider = Queue.Open(new Dictionary<string, object> { [Queue.WalltimeKey] = Walltime });
        await provider.LaunchAsync(Request(1, 1) with { Notice = TimeSpan.FromSeconds(55) }, Ended);
        await UntilLogAsync(provider, 1, "cpu-1 leaves");
    }

    [Fact]
    public async Task A_system_that_does_not_answer_may_be_asked_again_later()
    {
        foreach (var (name, value) in Unreachable)
        {
            Queue.Environment[name] = value;
        }

        var provider = Queue.Open();
        Task[] calls = [provider.CheckAsync(Ended), provider.ListAsync(Ended), provider.LaunchAsync(Request(1, 1), Ended), provider.TerminateAsync([new NodeId("cpu", 1)], Ended)];
        foreach (var call in calls)
        {
            Assert.Equal(FailureKind.Transient, (await Assert.ThrowsAsync<ProviderException>(() => call)).Kind);
        }
    }

    [Fact]
    public async Task A_node_that_ends_at_once_is_told_with_its_exit_code()
    {
        var provider = Queue.Open();
        await provider.LaunchAsync(Request(7, 1, "echo 'it goes wrong'; exit 3"), Ended);
        var failed = await RealQueue.UntilAsync(provider, "it has failed", static nodes => nodes is [{ State: NodeState.Failed }]);
        Assert.Contains("exit code 3", failed[0].Detail, StringComparison.Ordinal);
        Assert.Equal(["it goes wrong"], await provider.ReadLogAsync(failed[0].Id, 10, Ended));
        await provider.TerminateAsync([failed[0].Id], Ended);
    }

    protected abstract TimeSpan Walltime { get; }

    /// <summary>What makes the system's programs speak to nobody.</summary>
    protected abstract IReadOnlyDictionary<string, string> Unreachable { get; }

    protected static LaunchRequest Request(int first, int count, string script = Node) => new()
    {
        Type = "cpu",
        First = first,
        Count = count,
        Script = script,
        Capacity = new NodeCapacity { Slots = 1 },
        NodeSettings = Settings.None,
    };

    protected static async Task UntilLogAsync(IClusterProvider provider, int number, string line)
    {
        var said = await provider.ReadLogAsync(new NodeId("cpu", number), 100, Ended);
        await RealQueue.UntilAsync(provider, $"the log of cpu-{number} says '{line}'", _ =>
        {
            said = provider.ReadLogAsync(new NodeId("cpu", number), 100, Ended).GetAwaiter().GetResult();
            return said.Contains(line);
        });
    }

    private protected static string[] Live(IReadOnlyList<ClusterNode> nodes) =>
        nodes.Where(static node => node.State is NodeState.Waiting or NodeState.Running).Select(static node => node.Id.ToString()).ToArray();
}
