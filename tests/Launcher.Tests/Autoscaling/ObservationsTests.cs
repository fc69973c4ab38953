using Weft.Autoscaler.Core;
using Weft.Launcher.Tests.Configuration;
using Weft.Primitives;
using Weft.Provisioning;
using static Weft.Launcher.Tests.Autoscaling.FakeProvider;
using V1 = Weft.Protocol.V1;

namespace Weft.Launcher.Tests.Autoscaling;

public sealed class ObservationsTests
{
    private static readonly ClusterConfiguration Configuration = ClusterFileTests.Right(
        """
        cluster_name: demo
        provider: {type: local}
        max_workers: 9
        available_node_types:
          cpu: {min_workers: 2, max_workers: 4, resources: {CPU: 1} }
          wide: {min_workers: 1, max_workers: 4, resources: {CPU: 4}, nworkers: 2}
          gpu-1: {max_workers: 4, resources: {CPU: 1} }
        """);

    private readonly FakeProvider _provider = new();

    [Theory]
    [InlineData("cpu-3", "cpu-3")]
    [InlineData("gpu-1-12", "gpu-1-12")]
    [InlineData("wide-3-0", "wide-3")]
    [InlineData("wide-3-11", "wide-3")]
    [InlineData("wide-3", null)]
    [InlineData("cpu-3-0", null)]
    [InlineData("gpu-1", null)]
    [InlineData("other-3", null)]
    [InlineData("cpu", null)]
    [InlineData("cpu-", null)]
    [InlineData("-3", null)]
    [InlineData("wide-3-", null)]
    [InlineData("wide-3-mine", null)]
    [InlineData("", null)]
    public void A_worker_s_node_is_in_its_name(string worker, string? node) => Assert.Equal(node, Observations.NodeOf(Configuration, new HashSet<NodeId>(), worker)?.ToString());

    [Theory]
    [InlineData("cpu-3", "cpu-3", "cpu-3")]
    [InlineData("cpu-3-0", "cpu-3", "cpu-3")]
    [InlineData("wide-3", "wide-3", "wide-3")]
    [InlineData("wide-3-0", "wide-3", "wide-3")]
    [InlineData("other-3", "other-3", "other-3")]
    [InlineData("other-3-1", "other-3", "other-3")]
    [InlineData("gpu-1-12", "gpu-1", "gpu-1")]
    [InlineData("gpu-1-12", "gpu-1-12", "gpu-1-12")]
    [InlineData("gpu-1-12", "gpu-1 gpu-1-12", "gpu-1-12")]
    [InlineData("cpu-3-0", "cpu-4", null)]
    [InlineData("wide-3-0", "cpu-4", "wide-3")]
    public void The_nodes_that_are_listed_say_it_better(string worker, string listed, string? node) =>
        Assert.Equal(node, Observations.NodeOf(Configuration, listed.Split(' ').Select(static name => Node(name, NodeState.Running).Id).ToHashSet(), worker)?.ToString());

    [Theory]
    [InlineData("cpu-3", "cpu-3-0", 3)]
    [InlineData("cpu-3", "cpu-3", 1)]
    [InlineData("wide-3", "wide-3", 4)]
    [InlineData("old-3", "old-3-1", 1)]
    [InlineData("old-3", "old-3", 1)]
    public async Task A_busy_node_from_before_the_file_changed_is_not_ended(string node, string worker, uint slots)
    {
        var core = new AutoscalerCore(AutoscalerSettings.Of(Configuration));
        var looks = await _provider.LookAsync(Node(node, NodeState.Running));
        var heard = new V1.ScalingDemand { Clients = 1, Workers = { new V1.WorkerInfo { Name = worker, Slots = slots, Assigned = 1, Holding = 1, LongestRunningMs = 90_000 } }, Rows = { new V1.DemandRow { Running = 1 } } };
        var ordered = new List<AutoscalerAction>();
        for (var nowMs = 0; nowMs <= 1_200_000; nowMs += 1000)
        {
            ordered.AddRange(core.Apply(new Stamped<AutoscalerEvent>(nowMs, new Observed(Observations.Of(Configuration, looks, heard, new V1.ScaleTarget())))));
        }

        Assert.DoesNotContain(ordered, static action => action is TerminateNodes or DrainNodes);
    }

    [Fact]
    public async Task Nodes_are_told_as_the_provider_told_them()
    {
        var looks = await _provider.LookAsync(
            Node("cpu-5", NodeState.Failed, "exit code 1"), Node("cpu-4", NodeState.Ended), Node("cpu-3", NodeState.Ending), Node("cpu-2", NodeState.Running, isSpot: true), Node("cpu-1", NodeState.Waiting, "queued"), Node("head-1", NodeState.Running));

        var seen = Observations.Of(Configuration, looks, new V1.ScalingDemand(), new V1.ScaleTarget());

        Assert.Equal(
            [
                new ObservedNode(new NodeKey("cpu", 1), ObservedState.Waiting, false, "queued"),
                new ObservedNode(new NodeKey("cpu", 2), ObservedState.Running, true),
                new ObservedNode(new NodeKey("cpu", 3), ObservedState.Ending),
                new ObservedNode(new NodeKey("cpu", 4), ObservedState.Ended),
                new ObservedNode(new NodeKey("cpu", 5), ObservedState.Failed, false, "exit code 1"),
            ],
            seen.Nodes);
        Assert.True(seen.IsNodeListComplete);
        Assert.True(seen.IsSchedulerHeard);
    }

    [Fact]
    public async Task A_list_that_could_not_be_had_is_the_one_of_before_and_not_complete()
    {
        var looks = await _provider.LookAsync(Node("cpu-1", NodeState.Running));
        _provider.Problem = "no answer";
        await looks.LookAsync(TestContext.Current.CancellationToken);

        var seen = Observations.Of(Configuration, looks, null, new V1.ScaleTarget());

        Assert.Single(seen.Nodes);
        Assert.False(seen.IsNodeListComplete);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_scheduler_that_does_not_answer_or_waits_for_workers_says_nothing_to_decide_by(bool isRecovering)
    {
        var heard = isRecovering ? new V1.ScalingDemand { Recovering = true, Clients = 1, Workers = { new V1.WorkerInfo { Name = "cpu-1", Slots = 1 } }, Rows = { new V1.DemandRow { Tasks = 1 } } } : null;

        var seen = Observations.Of(Configuration, await _provider.LookAsync(), heard, new V1.ScaleTarget());

        Assert.False(seen.IsSchedulerHeard);
        Assert.Empty(seen.Workers);
        Assert.Empty(seen.Demand.Rows);
        Assert.False(seen.Demand.HasClients);
    }

    [Fact]
    public async Task A_worker_is_told_with_all_that_its_node_is_judged_by()
    {
        var worker = new V1.WorkerInfo
        {
            Name = "wide-3-1",
            Slots = 2,
            Assigned = 5,
            Running = 9,
            Holding = 2,
            WaitingInside = 1,
            LongestRunningMs = 700,
            IdleMs = 11,
            ResultBytes = 12,
            Paused = true,
            Leaving = "drained",
            RefusedToLeave = "it holds results",
            Resources = { new V1.Resource { Name = "GPU", Milli = 2000 } },
            ResourcesInUse = { new V1.Resource { Name = "GPU", Milli = 500 } },
        };
        var seen = Observations.Of(Configuration, await _provider.LookAsync(), new V1.ScalingDemand { Clients = 2, IdleMs = 99, Workers = { worker, new V1.WorkerInfo { Name = "mine", Slots = 1, WaitingInside = 2 } } }, new V1.ScaleTarget());

        Assert.Equal(
            new ObservedWorker
            {
                Name = "wide-3-1",
                Node = new NodeKey("wide", 3),
                Slots = 2,
                Assigned = 5,
                Running = 2,
                WaitingInside = 1,
                LongestRunningMs = 700,
                IdleMs = 11,
                StoredBytes = 12,
                IsPaused = true,
                IsLeaving = true,
                RefusedToLeave = "it holds results",
                Resources = ResourceAmounts.Parse("GPU=2"),
                ResourcesInUse = ResourceAmounts.Parse("GPU=0.5"),
            },
            seen.Workers[0]);
        Assert.Equal(new ObservedWorker { Name = "mine", Slots = 1, WaitingInside = 2 }, seen.Workers[1]);
        Assert.Equal((true, 99L), (seen.Demand.HasClients, seen.Demand.SinceWorkMs));
    }

    [Fact]
    public async Task Each_row_of_the_scheduler_s_is_one()
    {
        V1.DemandRow[] rows =
        [
            new() { Tasks = 10, Running = 3, MeanNs = 100, Restricted = true, Resources = { new V1.Resource { Name = "GPU", Milli = 500 } } },
            new() { Tasks = 4 },
            new() { Running = 2, MeanNs = 7 },
        ];

        var seen = Observations.Of(Configuration, await _provider.LookAsync(), new V1.ScalingDemand { Rows = { rows } }, new V1.ScaleTarget()).Demand.Rows;

        Assert.Equal([new DemandRow(ResourceAmounts.Parse("GPU=0.5"), 10, 3, 100, true), new DemandRow(ResourceAmounts.None, 4), new DemandRow(ResourceAmounts.None, 0, 2, 7)], seen);
    }

    [Theory]
    [InlineData(null, null, null)]
    [InlineData(5u, null, "5-9")]
    [InlineData(null, 7u, "-7")]
    [InlineData(null, 2u, "-2")]
    [InlineData(5u, 7u, "5-7")]
    [InlineData(5u, 5u, "=5")]
    [InlineData(9u, null, "9-9")]
    [InlineData(0u, 0u, "=0")]
    public async Task What_people_asked_for_is_a_size_between_bounds_or_exactly_one(uint? minimum, uint? maximum, string? size)
    {
        var target = new V1.ScaleTarget { End = minimum == 0 };
        if (minimum is { } least)
        {
            target.Minimum = least;
        }

        if (maximum is { } most)
        {
            target.Maximum = most;
        }

        var wanted = Observations.Of(Configuration, await _provider.LookAsync(), null, target).Wanted;

        Assert.Equal(size, wanted.Cluster is { } cluster ? FormattableString.Invariant(cluster.IsExact ? (FormattableString)$"={cluster.Minimum}" : $"{cluster.Minimum}-{cluster.Maximum}") : null);
        Assert.Equal(minimum == 0, wanted.IsShutDown);
    }
}
