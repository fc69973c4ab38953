using Weft.Launcher;
using Weft.Providers.Tests.Queues;
using Weft.Provisioning;

namespace Weft.Providers.Tests.Slurm;

public sealed class SlurmJobListTests
{
    [Fact]
    public void Tasks_of_the_cluster_are_nodes_and_jobs_of_others_are_none()
    {
        var tasks = SlurmJobList.Read(
            """
            6|N/A|FAILED||BadConstraints|s.sh
            1|17|PENDING||Priority|weft.demo.cpu.0
            2|7|RUNNING|node[7]|None|weft.demo.cpu.v2.1000
            2|8|CANCELLED|vm|None|weft.demo.cpu.v2.1000
            3|1|FAILED|vm|NonZeroExitCode|weft.demo.gpu.0
            4|1|RUNNING|vm|None|weft.other.cpu.0
            5|1|RUNNING|vm|None|what|ever.0
            5|1|RUNNING|vm|None|weft.demo.cpu
            not a line

            """,
            "demo");
        Assert.Equal(
            ["cpu-17 Waiting  Priority 1_17", "cpu.v2-1007 Running node[7]  2_7", "cpu.v2-1008 Ended vm CANCELLED 2_8", "gpu-1 Failed vm FAILED: NonZeroExitCode 3_1"],
            tasks.Select(static task => $"{task.Node} {task.State} {task.Host} {task.Detail} {task.SystemName}"));
    }

    [Theory]
    [InlineData("PENDING", "Resources", NodeState.Waiting, "Resources")]
    [InlineData("PENDING", "None", NodeState.Waiting, null)]
    [InlineData("PENDING", "(Nodes required for job are DOWN)", NodeState.Waiting, "Nodes required for job are DOWN")]
    [InlineData("CONFIGURING", "None", NodeState.Waiting, "CONFIGURING")]
    [InlineData("SUSPENDED", "None", NodeState.Waiting, "SUSPENDED")]
    [InlineData("STOPPED", "None", NodeState.Waiting, "STOPPED")]
    [InlineData("COMPLETING", "None", NodeState.Ending, "COMPLETING")]
    [InlineData("COMPLETED", "None", NodeState.Ended, null)]
    [InlineData("TIMEOUT", "TimeLimit", NodeState.Ended, "TIMEOUT: TimeLimit")]
    [InlineData("PREEMPTED", "None", NodeState.Ended, "PREEMPTED")]
    [InlineData("NODE_FAIL", "NodeDown", NodeState.Failed, "NODE_FAIL: NodeDown")]
    [InlineData("OUT_OF_MEMORY", "OutOfMemory", NodeState.Failed, "OUT_OF_MEMORY: OutOfMemory")]
    [InlineData("SOMETHING_NEW", "None", NodeState.Waiting, "SOMETHING_NEW")]
    public void The_word_for_a_state_says_how_far_a_node_is(string word, string reason, NodeState state, string? detail) =>
        Assert.Equal((state, detail), (SlurmState.Of(word), SlurmState.Detail(word, reason)));

    [Fact]
    public void Exit_codes_are_read_by_task()
    {
        var codes = SlurmExitCodes.Read(
            """
            JobId=12 ArrayJobId=11 ArrayTaskId=5 JobName=weft.demo.cpu.0 UserId=hpc(1001) JobState=FAILED Reason=NonZeroExitCode Requeue=0 ExitCode=3:0 RunTime=00:00:00
            JobId=13 ArrayJobId=11 ArrayTaskId=6 JobName=weft.demo.cpu.0 UserId=hpc(1001) JobState=FAILED Reason=RaisedSignal:9(Killed) Requeue=0 ExitCode=0:9 RunTime=00:00:00
            JobId=14 ArrayJobId=11 ArrayTaskId=7 JobName=weft.demo.cpu.0 UserId=hpc(1001) JobState=COMPLETED Reason=None Requeue=0 ExitCode=0:0 RunTime=00:00:00
            JobId=11 ArrayJobId=11 ArrayTaskId=8-9 JobName=weft.demo.cpu.0 UserId=hpc(1001) JobState=PENDING Reason=None Requeue=0 ExitCode=0:0 RunTime=00:00:00
            """);
        Assert.Equal([(5, "exit code 3"), (6, "signal 9")], codes.Select(static pair => (pair.Key, pair.Value)));
    }

    [Theory]
    [InlineData("sbatch: error: invalid partition specified: nosuch\nsbatch: error: Batch job submission failed: Invalid partition name specified\n", FailureKind.Permanent)]
    [InlineData("sbatch: error: Batch job submission failed: Unable to contact slurm controller (connect failure)\n", FailureKind.Transient)]
    [InlineData("sbatch: error: Batch job submission failed: Job violates accounting/QOS policy (job submit limit, user's size and/or time limits)\n", FailureKind.Capacity)]
    public void What_is_complained_of_says_what_may_be_hoped_for(string complaint, FailureKind kind)
    {
        var failure = SlurmRefusal.Of(Requests.Complained(complaint));
        Assert.Equal(kind, failure.Kind);
        Assert.DoesNotContain("sbatch", failure.Message, StringComparison.Ordinal);
    }
}
