using Weft.Launcher;
using Weft.Providers.Tests.Queues;
using Weft.Provisioning;

namespace Weft.Providers.Tests.GridEngine;

public sealed class GridEngineSubmissionTests
{
    [Fact]
    public void Without_settings_it_is_an_array_job_whose_tasks_have_the_nodes_numbers()
    {
        var arguments = Arguments(Requests.Of(41, 100));
        Assert.Equal(
            ["-terse", "-C", "", "-S", "/bin/sh", "-r", "n", "-N", "weft.demo.cpu", "-t", "41-140", "-o", "/shared/demo/logs/cpu-$TASK_ID.log", "-j", "y", "-notify"],
            arguments);
    }

    [Theory]
    [InlineData(null, "/shared/demo/scripts/cpu-41.sh")]
    [InlineData("/shared/logs", "/shared/logs/scripts-demo/cpu-41.sh")]
    public void What_a_node_runs_is_not_in_the_script_of_the_job_which_all_can_read(string? logs, string file)
    {
        var cluster = Requests.Cluster(logs is null ? null : new() { ["log_directory"] = logs });
        var scripts = new GridEngineScripts(cluster);
        var request = Requests.Of(41, 100) with { Script = "export A=s3cr3t\nexec weft worker\n" };

        var script = GridEngineSubmission.Of(cluster, QueueLogs.Of(cluster), scripts.FileOf(request), request).Script;

        Assert.EndsWith($"\n. {file}\n", script, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t", script, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_become_options_of_qsub_and_the_last_word_is_the_users()
    {
        var arguments = Arguments(Requests.Of(1, 1, slots: 4), new()
        {
            ["queue"] = "long.q",
            ["project"] = "p1",
            ["parallel_environment"] = "smp",
            ["walltime"] = TimeSpan.FromMinutes(90),
            ["memory"] = (3L << 30) + 1,
            ["resources"] = new[] { "gpu=1", "hostname=a*" },
            ["notify"] = false,
            ["submit_options"] = new[] { "-R y", "-M 'a b@x'" },
        });
        Assert.Equal(
            ["-q", "long.q", "-P", "p1", "-pe", "smp", "4", "-l", "h_rt=5400", "-l", "h_vmem=3073M", "-l", "gpu=1", "-l", "hostname=a*", "-R", "y", "-M", "a b@x"],
            arguments.Skip(15));
    }

    [Fact]
    public void A_node_type_says_it_otherwise_than_the_cluster()
    {
        var arguments = Arguments(Requests.Of(1, 1, node: new() { ["queue"] = "gpu.q" }), new() { ["queue"] = "all.q", ["project"] = "p1" });
        Assert.Equal(("gpu.q", "p1"), (Requests.ValueOf(arguments, "-q"), Requests.ValueOf(arguments, "-P")));
    }

    [Fact]
    public void A_named_memory_resource_gets_the_nodes_memory_in_equal_shares()
    {
        var request = Requests.Of(1, 1) with { Capacity = new NodeCapacity { Slots = 4, MemoryBytes = 8L << 30 } };
        var arguments = Arguments(request, new() { ["parallel_environment"] = "smp", ["memory_resource"] = "mem_free" });
        Assert.Equal("mem_free=2048M", Requests.ValueOf(arguments, "-l"));
        Assert.Null(Requests.ValueOf(Arguments(request, new() { ["slots"] = 1 }), "-l"));
    }

    [Fact]
    public void Several_slots_need_a_parallel_environment_or_a_word_that_they_do_not()
    {
        var refusal = Assert.Throws<ProviderException>(() => Arguments(Requests.Of(1, 1, slots: 4)));
        Assert.Equal(FailureKind.Permanent, refusal.Kind);
        Assert.Contains("'parallel_environment'", refusal.Message, StringComparison.Ordinal);
        Assert.Null(Requests.ValueOf(Arguments(Requests.Of(1, 1, slots: 4), new() { ["slots"] = 1 }), "-pe"));
    }

    [Fact]
    public void A_walltime_of_never_asks_for_none() =>
        Assert.Null(Requests.ValueOf(Arguments(Requests.Of(1, 1), new() { ["walltime"] = Timeout.InfiniteTimeSpan }), "-l"));

    [Fact]
    public void A_job_of_another_cluster_is_not_taken_for_ones_own()
    {
        Assert.True(GridEngineJobName.TryRead("demo", "weft.demo.cpu.v2-big", out var type));
        Assert.Equal("cpu.v2-big", type);
        Assert.False(GridEngineJobName.TryRead("demo", "weft.demo-2.cpu", out _));
        Assert.False(GridEngineJobName.TryRead("demo", "weft.demo.", out _));
        Assert.False(GridEngineJobName.TryRead("demo", "simulation", out _));
    }

    private static IReadOnlyList<string> Arguments(LaunchRequest request, Dictionary<string, object>? provider = null)
    {
        var cluster = Requests.Cluster(provider);
        return GridEngineSubmission.Of(cluster, QueueLogs.Of(cluster), "/shared/demo/scripts/cpu-1.sh", request).Arguments;
    }
}
