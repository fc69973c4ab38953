using Weft.Launcher;
using Weft.Providers.Tests.Queues;
using Weft.Provisioning;

namespace Weft.Providers.Tests.Slurm;

public sealed class SlurmSubmissionTests
{
    [Fact]
    public void Without_settings_it_is_an_array_job_that_is_told_of_its_end()
    {
        var submission = Submission(Requests.Of(41, 100, slots: 2));
        Assert.Equal(
            [
                "--parsable", "--job-name=weft.demo.cpu.0", "--array=41-140", "--output=/shared/demo/logs/cpu-%a.log", "--open-mode=append", "--chdir=/", "--no-requeue", "--ntasks=1",
                "--cpus-per-task=2", "--signal=B:TERM@30",
            ],
            submission.Arguments);
        Assert.Contains("WEFT_NODE=\"cpu-$SLURM_ARRAY_TASK_ID\"", submission.Script, StringComparison.Ordinal);
    }

    [Fact]
    public void Beyond_the_first_block_name_index_and_log_add_up_to_the_nodes_number()
    {
        var submission = Submission(Requests.Of(3007, 2));
        Assert.Equal(["--job-name=weft.demo.cpu.3000", "--array=7-8", "--output=/shared/demo/logs/cpu-3%3a.log"], submission.Arguments.Skip(1).Take(3));
        Assert.Contains("WEFT_NODE=\"cpu-$((3000 + SLURM_ARRAY_TASK_ID))\"", submission.Script, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_become_options_of_sbatch_and_the_last_word_is_the_users()
    {
        var submission = Submission(Requests.Of(1, 1), new()
        {
            ["partition"] = "long,short",
            ["account"] = "a",
            ["qos"] = "high",
            ["constraint"] = "avx512&bigmem",
            ["reservation"] = "r",
            ["nodelist"] = "n[1-9]",
            ["exclude"] = "n3",
            ["gres"] = "gpu:1",
            ["time"] = TimeSpan.FromSeconds(3601),
            ["cpus_per_task"] = 8,
            ["mem_per_cpu"] = (2L << 30) + 1,
            ["submit_options"] = new[] { "--export=NONE", "--mail-user 'a b'" },
        });
        Assert.Equal(
            [
                "--cpus-per-task=8", "--signal=B:TERM@30", "--partition=long,short", "--account=a", "--qos=high", "--constraint=avx512&bigmem", "--reservation=r", "--nodelist=n[1-9]",
                "--exclude=n3", "--gres=gpu:1", "--time=61", "--mem-per-cpu=2049M", "--export=NONE", "--mail-user", "a b",
            ],
            submission.Arguments.Skip(8));
    }

    [Fact]
    public void Memory_that_a_node_offers_is_asked_for_unless_it_is_said_otherwise()
    {
        var request = Requests.Of(1, 1) with { Capacity = new NodeCapacity { Slots = 1, MemoryBytes = 4L << 30 } };
        Assert.Contains("--mem=4096M", Submission(request).Arguments);
        Assert.Contains("--mem=100M", Submission(request, new() { ["mem"] = 100L << 20 }).Arguments);
        Assert.DoesNotContain(Submission(request, new() { ["mem_per_cpu"] = 1L << 30 }).Arguments, static argument => argument.StartsWith("--mem=", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("mem_per_cpu", "mem", "--mem=100M")]
    [InlineData("mem", "mem_per_cpu", "--mem-per-cpu=100M")]
    public void What_a_node_type_says_of_its_memory_counts_though_the_cluster_says_it_the_other_way(string all, string own, string option)
    {
        var arguments = Submission(Requests.Of(1, 1, node: new() { [own] = 100L << 20 }), new() { [all] = 8L << 30 }).Arguments;
        Assert.Equal([option], arguments.Where(static argument => argument.StartsWith("--mem", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_time_of_never_is_asked_for_as_such() => Assert.Contains("--time=UNLIMITED", Submission(Requests.Of(1, 1), new() { ["time"] = Timeout.InfiniteTimeSpan }).Arguments);

    [Fact]
    public void Tags_stand_in_the_comment()
    {
        var cluster = Requests.Cluster() with { Tags = new SortedDictionary<string, string> { ["owner"] = "ann", ["budget"] = "7" } };
        Assert.Contains("--comment=budget=7,owner=ann", SlurmSubmission.Of(cluster, QueueLogs.Of(cluster), SlurmArrays.Usual, Requests.Of(1, 1)).Arguments);
    }

    private static SlurmSubmission Submission(LaunchRequest request, Dictionary<string, object>? provider = null)
    {
        var cluster = Requests.Cluster(provider);
        return SlurmSubmission.Of(cluster, QueueLogs.Of(cluster), SlurmArrays.Usual, request);
    }
}
