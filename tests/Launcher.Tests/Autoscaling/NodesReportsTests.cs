using Weft.Autoscaler.Core;
using Weft.Launcher.Tests.Configuration;
using Weft.Primitives;
using Weft.Provisioning;
using static Weft.Launcher.Tests.Autoscaling.FakeProvider;
using V1 = Weft.Protocol.V1;

namespace Weft.Launcher.Tests.Autoscaling;

public sealed class NodesReportsTests
{
    private static readonly ClusterConfiguration Configuration = ClusterFileTests.Right(
        "cluster_name: demo\nprovider: {type: local}\nmax_workers: 9\navailable_node_types:\n  cpu: {min_workers: 2, max_workers: 4, resources: {CPU: 1} }\n");

    [Fact]
    public async Task The_scheduler_is_told_of_nodes_types_of_the_file_and_of_before_problems_failures_and_the_size_that_is_followed()
    {
        var provider = new FakeProvider();
        var looks = await provider.LookAsync(Node("cpu-1", NodeState.Ended), Node("cpu-2", NodeState.Running, isSpot: true), Node("cpu-3", NodeState.Failed, "exit code 1"));
        provider.Problem = "no answer";
        await looks.LookAsync(TestContext.Current.CancellationToken);
        var failures = new NodeFailures();
        failures.Note(new LaunchAnswered("cpu", 4, 1, new LaunchFailure(LaunchFailureKind.Permanent, "no such queue")));
        var decided = new AutoscalerReport([new NodeTypeReport("cpu", 1, 4, 4, 1, 2, 3, "it failed"), new NodeTypeReport("gone", 0, 0, 1, 0, 1, 0, null)], ["a line"]);
        var target = new V1.ScaleTarget { Minimum = 3, Version = 2 };

        var report = NodesReports.Of(Configuration, "the cluster file cannot be used", looks, decided, failures, target);

        Assert.NotEmpty(report.AutoscalerId);
        Assert.Equal(report.AutoscalerId, NodesReports.Of(Configuration, "the cluster file cannot be used", looks, decided, failures, target).AutoscalerId);
        report.AutoscalerId = "";
        Assert.Equal(
            new V1.NodesReport
            {
                ClusterName = "demo",
                Provider = "local",
                WorkersMax = 9,
                Target = target,
                Failed = 1,
                Nodes =
                {
                    new V1.NodeInfo { Name = "cpu-2", Type = "cpu", State = "running", Host = "host-2", SystemName = "job 2", Spot = true },
                    new V1.NodeInfo { Name = "cpu-3", Type = "cpu", State = "failed", Detail = "exit code 1", Host = "host-3", SystemName = "job 3" },
                },
                NodeTypes =
                {
                    new V1.NodeTypeInfo { Name = "cpu", Minimum = 1, Maximum = 4, Wanted = 4, Waiting = 1, Running = 2, Leaving = 3, Note = "it failed" },
                    new V1.NodeTypeInfo { Name = "gone", Wanted = 1, Running = 1 },
                },
                Problems = { "cpu: it failed", "a line", "the nodes cannot be listed: no answer", "the cluster file cannot be used" },
                Failures = { new V1.NodeFailureInfo { Node = "cpu-4", Message = "no such queue", Permanent = true } },
            },
            report);
    }

    [Fact]
    public async Task A_type_that_the_file_names_no_more_is_told_of_while_nodes_of_it_are_there()
    {
        var core = new AutoscalerCore(AutoscalerSettings.Of(Configuration));
        var looks = await new FakeProvider().LookAsync(Node("old-1", NodeState.Running));
        var busy = new V1.ScalingDemand { Workers = { new V1.WorkerInfo { Name = "old-1", Slots = 1, Assigned = 1, Running = 1 } } };
        core.Apply(new Stamped<AutoscalerEvent>(0, new Observed(Observations.Of(Configuration, looks, busy, new V1.ScaleTarget()))));

        var report = NodesReports.Of(Configuration, null, looks, core.Report, new NodeFailures(), new V1.ScaleTarget());

        Assert.Equal(new V1.NodeTypeInfo { Name = "old", Minimum = 0, Maximum = 0, Wanted = 1, Running = 1 }, report.NodeTypes.Single(static type => type.Name == "old"));
    }
}
