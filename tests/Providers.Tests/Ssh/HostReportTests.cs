using Weft.Launcher;
using Weft.Provisioning;

namespace Weft.Providers.Tests.Ssh;

public sealed class HostReportTests
{
    [Fact]
    public void Nodes_are_read_past_a_greeting_and_strange_names()
    {
        const string output = """
            Welcome to node7!
            weft-nodes
            live cpu-1 4711 no
            live big-mem-2 12 yes
            live $(reboot) 13 no
            over cpu-3 14 no 3 weft: it cannot  listen
            over cpu-4 15 yes -
            over cpu-5 16 no - Killed
            over cpu-6 17 no 0 bye
            weft-end

            """;
        Assert.True(HostReport.TryReadNodes(output, out var nodes));
        Assert.Equal(
        [
            "cpu-1 Running ", "big-mem-2 Ending ", "cpu-3 Failed exit code 3: weft: it cannot  listen", "cpu-4 Ended ",
            "cpu-5 Failed its processes are gone without an exit code: they were killed, or the host was restarted", "cpu-6 Ended ",
        ], nodes.Select(static node => node.On(new SshTarget(null, "h", null))).Select(static node => $"{node.Id} {node.State} {node.Detail}"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("weft-nodes\nlive cpu-1 4711 no\n")]
    [InlineData("This account is disabled.\n")]
    public void An_answer_without_its_last_line_is_none(string output) => Assert.False(HostReport.TryReadNodes(output, out _));

    [Fact]
    public void The_end_of_nodes_tells_what_was_known_and_what_is_left()
    {
        Assert.True(HostReport.TryReadEnd("weft-nodes\nfound cpu-1\nleft 12\nleft 13\nweft-end\n", out var end));
        Assert.Equal([new NodeId("cpu", 1)], end.Found);
        Assert.Equal(["12", "13"], end.Left);
    }

    [Theory]
    [InlineData("Welcome!\nweft-nodes\nnode7 4711\nweft-end\n", "node7", "4711")]
    [InlineData("weft-nodes\nnode7 \nweft-end\n", "node7", "")]
    public void A_head_is_a_host_and_a_process_or_none(string output, string host, string process)
    {
        Assert.True(HostReport.TryReadHead(output, out var head));
        Assert.Equal((host, process), head);
        Assert.False(HostReport.TryReadHead(output[..^4], out _));
    }

    [Fact]
    public void A_log_is_what_follows_its_mark()
    {
        var log = HostReport.ReadLog("Welcome!\nweft-log 1700000000\nfirst\n\nlast\n");
        Assert.Equal(1_700_000_000, log.WrittenSeconds);
        Assert.Equal(["first", "", "last"], log.Lines);
        Assert.Equal(["half"], HostReport.ReadLog("weft-log 1\nhalf").Lines);
        Assert.Same(HostLog.None, HostReport.ReadLog("Welcome!\n"));
    }
}
