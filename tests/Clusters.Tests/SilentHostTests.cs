using System.Globalization;
using Weft.Launcher;
using Weft.Providers.Tests.Ssh;

namespace Weft.Clusters.Tests;

/// <summary>A host of workers that falls silent while its cluster runs: this side and the head reach its sshd through a port that can be closed.</summary>
[Trait("Category", "System")]
public sealed class SilentHostTests(SshServer server) : IClassFixture<SshServer>
{
    private readonly int _port = SshServer.FreePort();

    private string Host => string.Create(CultureInfo.InvariantCulture, $"weft-c@127.0.0.1:{_port}");

    [Fact]
    public async Task A_cluster_ends_but_for_the_nodes_on_a_silent_host_and_these_when_it_answers_again()
    {
        await using var cluster = new SshClusterUnderTest(server, new TemporaryFolder()) { Workers = [server.HostOf("weft-b"), Host] };
        cluster.Write(minimum: 2, maximum: 2);
        await using (AnswerAsHost())
        {
            (await cluster.WeftAsync("up", "--wait")).Succeeded();
        }

        var found = (await cluster.WeftAsync("down", "--dry-run")).Succeeded();
        Assert.Contains("head-1 (", found.Output);
        Assert.Contains("worker-1 (", found.Output);
        Assert.Contains($"it is not known what is on a host that does not answer: {Host}: ", found.Output);

        var down = (await cluster.WeftAsync("down", "--yes")).Failed(1);
        Assert.Contains($"weft down: waiting up to 30 s for a host that does not answer: {Host}: ", down.Error);
        Assert.Contains($"nodes of cluster {cluster.Name} may still run on hosts that do not answer: {Host}: ", down.Error);
        Assert.Empty(cluster.Processes("head-1"));
        Assert.Empty(cluster.Processes("worker-1"));
        Assert.NotEmpty(cluster.Processes("worker-2"));
        Assert.True(Directory.Exists($"/home/weft-a/.weft/clusters/{cluster.Name}"), "the cluster's folder on the head is there");

        await using (AnswerAsHost())
        {
            Assert.Contains("none is left", (await cluster.WeftAsync("down", "--yes")).Succeeded().Output);
        }

        await cluster.IsGoneAsync();
    }

    private LoopbackRelay AnswerAsHost() => LoopbackRelay.Start("127.0.0.1", server.Port, _port);
}
