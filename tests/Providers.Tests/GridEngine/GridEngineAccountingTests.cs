using Weft.Launcher;
using Weft.Provisioning;

namespace Weft.Providers.Tests.GridEngine;

public sealed class GridEngineAccountingTests
{
    [Theory]
    [InlineData("0    ", "0                   ", NodeState.Ended, null)]
    [InlineData("0    ", "3                   ", NodeState.Failed, "exit code 3")]
    [InlineData("100 : assumedly after job", "137                  (Killed)", NodeState.Failed, "failed 100 : assumedly after job, exit code 137")]
    [InlineData("26  : opening input/output file", "0", NodeState.Failed, "failed 26  : opening input/output file")]
    public void The_record_of_a_task_says_how_it_ended(string failed, string exit, NodeState state, string? detail)
    {
        var ending = Assert.Single(GridEngineAccounting.Read(Record("5", failed, exit)));
        Assert.Equal(new GridEngineAccounting("weft.demo.cpu", 80, 5, state, detail), ending);
    }

    [Fact]
    public void Several_records_are_read_and_what_is_no_task_of_an_array_is_passed_over() =>
        Assert.Equal([5, 6], GridEngineAccounting.Read(Record("5", "0", "0") + Record("undefined", "0", "0") + Record("6", "0", "1")).Select(static ending => ending.Index));

    [Fact]
    public void Nothing_is_read_from_nothing() => Assert.Empty(GridEngineAccounting.Read("error: job id 80 not found\n"));

    private static string Record(string task, string failed, string exit) => $"""
        ==============================================================
        qname        weft                
        hostname     vm                  
        jobname      weft.demo.cpu            
        jobnumber    80                  
        taskid       {task}                   
        qsub_time    Sat Nov 21 21:27:25 2026
        slots        1                   
        failed       {failed}
        exit_status  {exit}
        ru_wallclock 0s

        """;
}
