using Weft.Launcher.Tests.Configuration;
using V1 = Weft.Protocol.V1;

namespace Weft.Launcher.Tests;

public sealed class NodeProgressTests
{
    private static readonly ClusterConfiguration Configuration = ClusterFileTests.Right(
        """
        cluster_name: demo
        provider: {type: local}
        available_node_types:
          cpu: {min_workers: 2, max_workers: 4, resources: {CPU: 1} }
        """);

    private readonly List<string> _said = [];
    private readonly ManualTime _time = new();

    [Fact]
    public void Nothing_is_enough_before_the_autoscaler_has_spoken()
    {
        var progress = Start();

        Assert.False(progress.Look(new V1.ClusterInfo()));
        Assert.False(progress.Look(new V1.ClusterInfo { Nodes = new V1.NodesReport { AutoscalerId = "a" } }));
        Assert.Empty(_said);
    }

    [Theory]
    [InlineData("cpu-1 waiting, cpu-2 waiting", "", true)]
    [InlineData("cpu-1 waiting", "", false)]
    [InlineData("cpu-1 running, cpu-2 waiting", "", false)]
    [InlineData("cpu-1 running, cpu-2 waiting, cpu-3 waiting", "", false)]
    [InlineData("cpu-1 running, cpu-2 waiting", "cpu-1", true)]
    [InlineData("cpu-1 running, cpu-2 running", "cpu-1", false)]
    [InlineData("cpu-1 running, cpu-2 running", "cpu-1 cpu-2", true)]
    [InlineData("cpu-1 running, cpu-2 running, cpu-3 running", "cpu-1 cpu-2", true)]
    [InlineData("cpu-1 running, cpu-2 ending", "cpu-1 cpu-2", false)]
    [InlineData("cpu-1 waiting, cpu-2 failed", "", false)]
    public void Enough_are_ready_or_wait_in_a_queue_and_none_is_about_to_begin(string nodes, string workers, bool isEnough) =>
        Assert.Equal(isEnough, Start().Look(Info(nodes, workers)));

    [Theory]
    [InlineData("cpu-1 waiting, cpu-2 waiting", "", false)]
    [InlineData("cpu-1 running, cpu-2 waiting", "cpu-1", false)]
    [InlineData("cpu-1 running, cpu-2 running", "cpu-1 cpu-2", true)]
    public void Who_waits_for_all_waits_for_those_in_queues(string nodes, string workers, bool isEnough) =>
        Assert.Equal(isEnough, Start(waitForAll: true).Look(Info(nodes, workers)));

    [Fact]
    public void Each_change_of_a_node_and_each_problem_is_a_line_once()
    {
        var progress = Start();
        var waiting = Info("cpu-1 waiting, cpu-2 waiting");
        waiting.Nodes.Nodes[0].Detail = "the queue is full";
        waiting.Nodes.Problems.Add("cpu: no more for now");
        progress.Look(waiting);
        progress.Look(waiting);
        progress.Look(Info("cpu-1 running, cpu-2 waiting"));
        progress.Look(Info("cpu-1 running, cpu-2 waiting", "cpu-1"));

        Assert.Equal(
            ["cpu-1 (job cpu-1): waiting: the queue is full", "cpu-2 (job cpu-2): waiting", "cpu: no more for now", "cpu-1 (job cpu-1): starting on host", "cpu-1 (job cpu-1): ready on host"],
            _said);
    }

    [Theory]
    [InlineData("")]
    [InlineData("cpu-1 failed")]
    public void A_launch_that_failed_for_good_fails_the_start_also_when_it_had_failed_before_the_first_look(string nodes)
    {
        var failure = Assert.Throws<LaunchException>(() => Start().Look(Failed(Info(nodes), 1)));

        Assert.Equal((ExitCodes.Failure, "cpu-1: no such queue"), (failure.ExitCode, failure.Message));
    }

    [Fact]
    public void A_launch_that_may_come_to_something_later_fails_nothing()
    {
        var info = Failed(Info("cpu-2 waiting"), 1);
        info.Nodes.Failures[0].Permanent = false;

        Assert.False(Start().Look(info));
    }

    [Theory]
    [InlineData("")]
    [InlineData("cpu-2 waiting")]
    public void What_had_failed_in_a_cluster_that_ran_before_fails_nothing_and_what_fails_now_does(string nodes)
    {
        var progress = Start(new AutoscalerBefore("a", 2, IsReplaced: false));
        progress.Look(Failed(Info(nodes), 2));
        progress.Look(Failed(Info(nodes), 2));

        Assert.Throws<LaunchException>(() => progress.Look(Failed(Info(nodes), 3)));
    }

    [Fact]
    public void Of_failures_before_and_now_those_of_now_count()
    {
        var progress = Start(new AutoscalerBefore("a", 2, IsReplaced: false));
        progress.Look(Failed(Info("cpu-1 waiting"), 2));
        var info = Failed(Info("cpu-1 waiting"), 3);
        info.Nodes.Failures[^1].Permanent = false;

        Assert.False(progress.Look(info));
    }

    [Fact]
    public void An_autoscaler_that_is_about_to_be_replaced_says_nothing_that_counts_and_the_next_one_counts_anew()
    {
        var progress = Start(new AutoscalerBefore("old", 1, IsReplaced: true));
        Assert.False(progress.Look(Failed(Info("cpu-1 waiting, cpu-2 waiting", autoscaler: "old"), 1)));
        Assert.Empty(_said);
        Assert.True(progress.Look(Info("cpu-1 waiting, cpu-2 waiting", autoscaler: "new")));

        Assert.Throws<LaunchException>(() => progress.Look(Failed(Info("", autoscaler: "new"), 1)));
    }

    [Theory]
    [InlineData("old", "the cluster file has changed and cannot be used: line 3", "the cluster has not followed its new file for a minute: the cluster file has changed and cannot be used: line 3")]
    [InlineData("old", "cpu: the queue is full", "the cluster has not followed its new file for a minute: cpu: the queue is full")]
    [InlineData(null, null, "the cluster has not followed its new file for a minute: what its head has written says why")]
    public void A_file_that_nothing_follows_fails_with_the_reason_when_there_is_one(string? autoscaler, string? problem, string told)
    {
        var progress = Start(new AutoscalerBefore("old", 1, IsReplaced: true));
        var info = autoscaler is null ? new V1.ClusterInfo() : Info("cpu-1 waiting", autoscaler: autoscaler);
        info.Nodes?.Problems.Add(problem);
        Assert.False(progress.Look(info));

        _time.Advance(NodeProgress.FollowPatience + TimeSpan.FromSeconds(1));

        Assert.StartsWith(told, Assert.Throws<LaunchException>(() => progress.Look(info)).Message, StringComparison.Ordinal);
        Assert.True(progress.Look(Info("cpu-1 waiting, cpu-2 waiting", autoscaler: "new")));
    }

    [Fact]
    public void What_the_next_autoscaler_s_first_launch_fails_of_is_of_this_file() =>
        Assert.Throws<LaunchException>(() => Start(new AutoscalerBefore("old", 0, IsReplaced: true)).Look(Failed(Info("cpu-1 failed", autoscaler: "new"), 1)));

    [Fact]
    public void An_autoscaler_that_was_started_again_meanwhile_counts_anew()
    {
        var progress = Start(new AutoscalerBefore("a", 2, IsReplaced: false));
        progress.Look(Failed(Info("cpu-1 waiting", autoscaler: "a"), 2));

        Assert.Throws<LaunchException>(() => progress.Look(Failed(Info("cpu-1 waiting", autoscaler: "b"), 1)));
    }

    private NodeProgress Start(AutoscalerBefore? before = null, bool waitForAll = false) => new(Configuration, before, waitForAll, _time, _said.Add);

    private static V1.ClusterInfo Failed(V1.ClusterInfo info, int count)
    {
        info.Nodes.Failed = (ulong)count;
        info.Nodes.Failures.AddRange(Enumerable.Range(0, count).Select(static _ => new V1.NodeFailureInfo { Node = "cpu-1", Message = "no such queue", Permanent = true }));
        return info;
    }

    private static V1.ClusterInfo Info(string nodes, string workers = "", string autoscaler = "a")
    {
        var report = new V1.NodesReport { AutoscalerId = autoscaler, NodeTypes = { new V1.NodeTypeInfo { Name = "cpu", Minimum = 2, Maximum = 4 } } };
        foreach (var words in nodes.Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(static node => node.Split(' ')))
        {
            report.Nodes.Add(new V1.NodeInfo { Name = words[0], Type = "cpu", State = words[1], Host = "host", SystemName = "job " + words[0] });
        }

        var info = new V1.ClusterInfo { Nodes = report };
        info.Workers.AddRange(workers.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(static name => new V1.WorkerInfo { Name = name }));
        return info;
    }
}
