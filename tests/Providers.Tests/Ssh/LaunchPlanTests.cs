using Weft.Launcher;
using Weft.Provisioning;

namespace Weft.Providers.Tests.Ssh;

public sealed class LaunchPlanTests
{
    private static readonly ProviderException Refused = new(FailureKind.Transient, "refused");

    private readonly HostMemory _memory = new(TimeSpan.FromMinutes(1));
    private readonly SshHost[] _hosts = [.. Enumerable.Range(0, 3).Select(static index => new SshHost(new SshTarget(null, $"h{index}", null), new SshSettings(), static () => null, TimeProvider.System))];

    [Theory]
    [InlineData(new[] { 0, 0, 0 }, 1, 2, new[] { 0, 1 })]
    [InlineData(new[] { 1, 0, 0 }, 1, 3, new[] { 1, 2 })]
    [InlineData(new[] { 1, 0, 2 }, 2, 3, new[] { 1, 0, 1 })]
    [InlineData(new[] { 3 }, 2, 1, new int[0])]
    [InlineData(new int[0], 2, 1, new int[0])]
    public void New_nodes_go_where_the_fewest_are(int[] taken, int perHost, int count, int[] chosen) => Assert.Equal(chosen, HostChoice.Choose(taken, perHost, count));

    [Fact]
    public void Nodes_that_run_are_left_alone_and_those_that_have_ended_are_launched_again() =>
        Assert.Equal(["cpu-1 on h0", "cpu-3 on h2"], Plan(1, [], Alive(), Alive(2), There(Over(1))));

    [Fact]
    public void Nodes_on_their_way_have_their_place_whether_they_are_seen_or_not() =>
        Assert.Equal(["cpu-3 on h2"], Plan(1, [new PlacedNode(_hosts[0], Cpu(1)), new PlacedNode(_hosts[1], Cpu(2))], Alive(1), Alive(), Alive()));

    [Fact]
    public void The_head_takes_no_workers_place() =>
        Assert.Equal(["cpu-1 on h0", "cpu-2 on h1", "cpu-3 on h2"], Plan(1, [], There(new HostNode(new NodeId("head", 1), 1, IsAlive: true, IsToldToEnd: false, null, "")), Alive(), Alive()));

    [Fact]
    public void Where_there_is_no_room_the_silent_host_is_the_reason_and_then_capacity() =>
        Assert.Equal(["cpu-1 on h0", "cpu-2: Transient refused", "cpu-3: Capacity no host is free: each of 3 may have 1 of these nodes"], Plan(1, [], Alive(), null, Alive(9)));

    [Fact]
    public void A_node_that_was_on_a_host_that_is_silent_now_is_not_launched_twice()
    {
        _memory.OnAnswer(_hosts[1].Target, [Node(2, isAlive: true)]);
        Assert.Equal(["cpu-1 on h0", "cpu-3 on h2", "cpu-2: Transient it may still run on a host that does not answer: refused"], Plan(1, [], Alive(), null, Alive()));
    }

    private IEnumerable<string> Plan(int perHost, IReadOnlyList<PlacedNode> onTheirWay, params IReadOnlyList<HostNode>?[] answers)
    {
        var plan = LaunchPlan.Make([Cpu(1), Cpu(2), Cpu(3)],
            [.. answers.Select((nodes, index) => new HostAnswer<IReadOnlyList<HostNode>>(_hosts[index], nodes, nodes is null ? Refused : null))], onTheirWay, _memory, perHost);
        return plan.Chosen.Select(static placed => $"{placed.Node} on {placed.Host}").Concat(plan.Failures.Select(static failure => $"{failure.Node}: {failure.Kind} {failure.Message}"));
    }

    private static IReadOnlyList<HostNode> Alive(params int[] numbers) => [.. numbers.Select(static number => Node(number, isAlive: true))];

    private static IReadOnlyList<HostNode> There(HostNode node) => [node];

    private static HostNode Over(int number) => Node(number, isAlive: false);

    private static HostNode Node(int number, bool isAlive) => new(Cpu(number), 1, isAlive, IsToldToEnd: false, ExitCode: null, "");

    private static NodeId Cpu(int number) => new("cpu", number);
}
