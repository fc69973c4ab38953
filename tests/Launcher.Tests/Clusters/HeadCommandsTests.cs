using V1 = Weft.Protocol.V1;

namespace Weft.Launcher.Tests;

public sealed class HeadCommandsTests
{
    [Theory]
    [InlineData("8787", 8787, 8787)]
    [InlineData("80:8787", 80, 8787)]
    public void A_forward_is_a_port_here_and_one_there(string text, int port, int remote) => Assert.Equal(new HeadForward(port, remote), HeadForward.Parse(text));

    [Theory]
    [InlineData("0")]
    [InlineData("65536")]
    [InlineData("80:")]
    [InlineData("80:81:82")]
    [InlineData("http")]
    public void What_is_no_forward_is_refused(string text) => Assert.Contains($"'{text}' is not PORT", Assert.Throws<FormatException>(() => HeadForward.Parse(text)).Message);

    [Theory]
    [InlineData("head:/tmp/a", "/tmp/a")]
    [InlineData("head:a b", "~/a b")]
    [InlineData("head:~/a", "~/a")]
    [InlineData("head:", "~/")]
    [InlineData("a", null)]
    [InlineData("./head:a", null)]
    public void A_path_on_the_head_is_below_the_home_there(string text, string? path) => Assert.Equal(path, HeadCopy.PathOnHead(text));

    [Fact]
    public void One_word_is_a_line_for_the_shell_and_several_are_left_as_they_are()
    {
        Assert.Equal("ls | wc\n", HeadShell.ScriptOf(["ls | wc"]));
        Assert.Equal("exec ls '$HOME' 'it'\\''s'\n", HeadShell.ScriptOf(["ls", "$HOME", "it's"]));
    }

    [Fact]
    public void A_node_stands_for_its_workers_and_not_for_those_of_another_that_begins_so()
    {
        var info = new V1.ClusterInfo { Nodes = new V1.NodesReport() };
        info.Nodes.Nodes.AddRange(new[] { "gpu-1", "gpu-1-2", "cpu-1" }.Select(static name => new V1.NodeInfo { Name = name }));
        info.Workers.AddRange(new[] { "gpu-1-0", "gpu-1-1", "gpu-1-2", "gpu-11", "cpu-1" }.Select(static name => new V1.WorkerInfo { Name = name }));

        Assert.Equal(["gpu-1-0", "gpu-1-1"], NodeWorkers.Expand(["gpu-1"], info));
        Assert.Equal(["gpu-1-2", "cpu-1", "10.0.0.1:99"], NodeWorkers.Expand(["gpu-1-2", "cpu-1", "10.0.0.1:99"], info));
    }
}
