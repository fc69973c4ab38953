using Weft.Launcher;
using Weft.Provisioning;

namespace Weft.Providers.Tests.GridEngine;

public sealed class GridEngineReasonsTests
{
    /// <summary>As version 8.1.9 prints it, shortened to what is read.</summary>
    private const string Printed = """
        <?xml version='1.0'?>
        <detailed_job_info>
          <djob_info>
            <element>
              <JB_job_number>77</JB_job_number>
              <JB_ja_tasks>
                <ulong_sublist>
                  <JAT_task_number>5</JAT_task_number>
                  <JAT_message_list>
                    <ulong_sublist>
                      <QIM_type>1</QIM_type>
                      <QIM_message>11/21/2026 21:27:20 [1001:3392]: error: can&apos;t open output file &quot;/no/a&quot;: No such file or directory</QIM_message>
                    </ulong_sublist>
                  </JAT_message_list>
                </ulong_sublist>
              </JB_ja_tasks>
            </element>
          </djob_info>
          <messages>
            <element>
              <SME_message_list>
                <element>
                  <MES_job_number_list>
                    <ulong_sublist>
                      <ULNG_value>62</ULNG_value>
                    </ulong_sublist>
                  </MES_job_number_list>
                  <MES_message_number>32</MES_message_number>
                  <MES_message>Job is in hold state</MES_message>
                </element>
              </SME_message_list>
              <SME_global_message_list>
                <element>
                  <MES_message_number>37</MES_message_number>
                  <MES_message>queue instance &quot;weft@vm&quot; dropped because it is full</MES_message>
                </element>
              </SME_global_message_list>
            </element>
          </messages>
        </detailed_job_info>
        """;

    [Fact]
    public void A_waiting_task_says_what_keeps_its_job_then_what_keeps_all() =>
        Assert.Equal("Job is in hold state; queue instance \"weft@vm\" dropped because it is full", Explained(62, 9, NodeState.Waiting));

    [Fact]
    public void A_job_without_a_reason_of_its_own_has_that_of_all() =>
        Assert.Equal("queue instance \"weft@vm\" dropped because it is full", Explained(99, 1, NodeState.Waiting));

    [Fact]
    public void A_failed_task_says_what_went_wrong_without_when_and_who() =>
        Assert.Equal("can't open output file \"/no/a\": No such file or directory", Explained(77, 5, NodeState.Failed));

    [Fact]
    public void What_is_not_known_is_left_as_it_was()
    {
        Assert.Equal("state", Explained(77, 6, NodeState.Failed));
        Assert.Equal("state", Explained(62, 9, NodeState.Running));
        Assert.Equal("state", GridEngineReasons.Read("<unknown_jobs><>").Explain(Task(62, 9, NodeState.Waiting)).Detail);
    }

    [Fact]
    public void A_suspended_task_keeps_its_own_words() =>
        Assert.Equal("state", GridEngineReasons.Read(Printed).Explain(Task(62, 9, NodeState.Waiting) with { Host = "vm" }).Detail);

    private static string? Explained(long job, int index, NodeState state) => GridEngineReasons.Read(Printed).Explain(Task(job, index, state)).Detail;

    private static QueueTask Task(long job, int index, NodeState state) => GridEngineJobList.Task(new NodeId("cpu", index), job, state) with { Detail = "state" };
}
