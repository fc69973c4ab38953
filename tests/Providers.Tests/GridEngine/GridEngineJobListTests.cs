using Weft.Launcher;
using Weft.Provisioning;

namespace Weft.Providers.Tests.GridEngine;

public sealed class GridEngineJobListTests
{
    /// <summary>As version 8.1.9 prints it, shortened to what is read.</summary>
    private const string Printed = """
        <?xml version='1.0'?>
        <job_info  xmlns:xsd="http://arc.liv.ac.uk/repos/darcs/sge/source/dist/util/resources/schemas/qstat/qstat.xsd">
          <queue_info>
            <job_list state="running">
              <JB_job_number>62</JB_job_number>
              <JAT_prio>0.75000</JAT_prio>
              <JB_name>weft.demo.cpu</JB_name>
              <JB_owner>hpc</JB_owner>
              <state>r</state>
              <JAT_start_time>2026-11-21T21:24:40</JAT_start_time>
              <queue_name>long.q@node7.cluster</queue_name>
              <slots>1</slots>
              <tasks>8</tasks>
            </job_list>
            <job_list state="running">
              <JB_job_number>63</JB_job_number>
              <JB_name>weft.demo.cpu</JB_name>
              <state>dr</state>
              <queue_name>long.q@node8</queue_name>
              <slots>1</slots>
              <tasks>3</tasks>
            </job_list>
            <job_list state="running">
              <JB_job_number>64</JB_job_number>
              <JB_name>weft.other.cpu</JB_name>
              <state>r</state>
              <queue_name>long.q@node8</queue_name>
              <slots>1</slots>
              <tasks>1</tasks>
            </job_list>
          </queue_info>
          <job_info>
            <job_list state="pending">
              <JB_job_number>62</JB_job_number>
              <JB_name>weft.demo.cpu</JB_name>
              <state>qw</state>
              <queue_name></queue_name>
              <slots>1</slots>
              <tasks>9-11:1,14</tasks>
            </job_list>
            <job_list state="pending">
              <JB_job_number>77</JB_job_number>
              <JB_name>weft.demo.gpu</JB_name>
              <state>Eqw</state>
              <queue_name></queue_name>
              <slots>1</slots>
              <tasks>5</tasks>
            </job_list>
            <job_list state="pending">
              <JB_job_number>72</JB_job_number>
              <JB_name>weft.demo.cpu</JB_name>
              <state>qw</state>
              <queue_name></queue_name>
              <slots>1</slots>
            </job_list>
          </job_info>
        </job_info>
        """;

    [Fact]
    public void Tasks_of_the_cluster_are_nodes_and_jobs_of_others_or_without_tasks_are_none()
    {
        var tasks = GridEngineJobList.Read(Printed, "demo");
        Assert.Equal(
            ["cpu-8 Running node7.cluster 62.8", "cpu-3 Ending node8 63.3", "cpu-9 Waiting  62.9", "cpu-10 Waiting  62.10", "cpu-11 Waiting  62.11", "cpu-14 Waiting  62.14", "gpu-5 Failed  77.5"],
            tasks.Select(static task => $"{task.Node} {task.State} {task.Host} {task.SystemName}"));
        Assert.Equal("gpu-5", Assert.Single(tasks, static task => task.IsStuck).Node.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("error: commlib error")]
    [InlineData("<job_info><job_list><JB_name>weft.demo.cpu</JB_name><JB_job_number>x</JB_job_number><tasks>1</tasks></job_list></job_info>")]
    public void What_cannot_be_read_is_not_taken_for_an_empty_list(string printed) =>
        Assert.Equal(FailureKind.Transient, Assert.Throws<ProviderException>(() => GridEngineJobList.Read(printed, "demo")).Kind);

    [Theory]
    [InlineData("r", NodeState.Running, null)]
    [InlineData("t", NodeState.Running, null)]
    [InlineData("Rr", NodeState.Running, "state Rr")]
    [InlineData("s", NodeState.Waiting, "suspended (state s)")]
    [InlineData("S", NodeState.Waiting, "suspended (state S)")]
    [InlineData("T", NodeState.Waiting, "suspended (state T)")]
    [InlineData("ds", NodeState.Ending, "suspended (state ds)")]
    [InlineData("qw", NodeState.Waiting, "state qw")]
    [InlineData("hqw", NodeState.Waiting, "held (state hqw)")]
    [InlineData("Rq", NodeState.Waiting, "state Rq")]
    [InlineData("Eqw", NodeState.Failed, "state Eqw")]
    [InlineData("dr", NodeState.Ending, "state dr")]
    [InlineData("dEqw", NodeState.Ending, "state dEqw")]
    public void The_letters_of_a_state_say_how_far_a_node_is(string letters, NodeState state, string? detail) =>
        Assert.Equal((state, detail), (GridEngineState.Of(letters), GridEngineState.Detail(letters)));

    [Theory]
    [InlineData("7", new[] { 7 })]
    [InlineData("5-5:1", new[] { 5 })]
    [InlineData("1-9:4,12", new[] { 1, 5, 9, 12 })]
    [InlineData("", new int[0])]
    public void Ranges_of_tasks_are_read(string text, int[] numbers) => Assert.Equal(numbers, GridEngineTaskRanges.Read(text));
}
