using Weft.Launcher;
using Weft.Provisioning;

namespace Weft.Providers.Tests.Queues;

public sealed class QueueJobScriptTests
{
    [Fact]
    public void A_node_is_told_who_it_is_and_becomes_the_jobs_own_process()
    {
        var script = QueueJobScript.Render("demo", Requests.Of(1, 3), "$SGE_TASK_ID", ["module load dotnet"], []);
        Assert.Equal(
            """
            #!/bin/sh
            export WEFT_CLUSTER=demo
            export WEFT_NODE_TYPE=cpu
            export WEFT_NODE="cpu-$SGE_TASK_ID"
            # The notice of a suspension: nothing is to be done, and without this it would end the shell.
            trap '' USR1
            cd
            {
            module load dotnet
            } || exit
            exec weft worker

            """,
            script);
    }

    [Fact]
    public async Task What_a_prologue_sets_holds_for_the_node()
    {
        var answer = await RunAsync("echo \"$WEFT_NODE of $WEFT_NODE_TYPE in $WEFT_CLUSTER: $SITE, $(pwd)\"", ["SITE=here # as modules do", "export SITE"], []);
        Assert.Equal($"cpu-7 of cpu in demo: here, {Environment.GetEnvironmentVariable("HOME")}\n", answer.Output);
    }

    [Fact]
    public async Task A_prologue_that_fails_ends_the_node_with_its_exit_code()
    {
        var answer = await RunAsync("echo worker", ["(exit 4)"], []);
        Assert.Equal((4, ""), (answer.ExitCode, answer.Output));
    }

    [Fact]
    public async Task An_epilogue_runs_whatever_the_nodes_exit_code_which_it_keeps()
    {
        var answer = await RunAsync("echo worker; exit 3", [], ["echo after", "false"]);
        Assert.Equal((3, "worker\nafter\n"), (answer.ExitCode, answer.Output));
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("USR2")]
    public async Task With_an_epilogue_the_order_to_leave_reaches_the_node_and_its_end_is_waited_for(string signal)
    {
        // The node orders its own shell to leave, as the queue does, and takes its time.
        var node = $$"""
            trap 'echo leaving; sleep 0.3; echo left; exit 5' TERM
            kill -s {{signal}} $PPID_OF_NODE
            while :; do sleep 0.05; done
            """;
        var answer = await RunAsync(node, ["PPID_OF_NODE=$$"], ["echo after"]);
        Assert.Equal((5, "leaving\nleft\nafter\n"), (answer.ExitCode, answer.Output));
    }

    [Fact]
    public async Task The_notice_of_a_suspension_ends_nobody()
    {
        var answer = await RunAsync("kill -s USR1 $$; echo goes on", [], []);
        Assert.Equal((0, "goes on\n"), (answer.ExitCode, answer.Output));
    }

    private static Task<CommandResult> RunAsync(string node, IReadOnlyList<string> prologue, IReadOnlyList<string> epilogue)
    {
        var script = QueueJobScript.Render("demo", Requests.Of(7, 1) with { Script = node }, "$((3 + 4))", prologue, epilogue);
        return ExternalCommand.RunAsync("/bin/sh", ["-c", script], null, TestContext.Current.CancellationToken);
    }
}
