using System.Globalization;
using System.Text;
using Weft.Protocol;
using Weft.Providers.Tests.Ssh;

namespace Weft.Clusters.Tests;

/// <summary>A network that was away for a while ends the <c>ssh</c> that a cluster is reached through.</summary>
[Trait("Category", "System")]
public sealed class BrokenTunnelTests(SshServer server) : IClassFixture<SshServer>
{
    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_cluster_is_reached_again_after_its_tunnel_broke()
    {
        await using var cluster = new SshClusterUnderTest(server, new TemporaryFolder()) { Head = ", host: 127.0.0.1" };
        cluster.Write(minimum: 1, maximum: 1);
        (await cluster.WeftAsync("up", "--wait")).Succeeded();
        int port;
        await using (var reached = await Cluster.ConnectAsync(cluster.File, cancellationToken: Ended))
        {
            port = SchedulerFileReader.Read(reached.SchedulerFile).File!.Address.Port;
            await using var before = await reached.ConnectClientAsync(cancellationToken: Ended);
            await Workload.RunQuickstartAsync(before);
            var tunnel = Assert.Single(Tunnels(port));

            RealProcesses.TryKill(tunnel);

            // A client that was there and one that comes now.
            await Workload.RunQuickstartAsync(before);
            await using var after = await reached.ConnectClientAsync(cancellationToken: Ended);
            await Workload.RunQuickstartAsync(after);
            Assert.NotEqual(tunnel, Assert.Single(Tunnels(port)));
        }

        await Wait.UntilAsync("no ssh is left", () => Task.FromResult(Tunnels(port).Count == 0));
        (await cluster.WeftAsync("down", "--yes")).Succeeded();
        await cluster.IsGoneAsync();
    }

    /// <summary>The <c>ssh</c> that listen on this port.</summary>
    private static IReadOnlyList<int> Tunnels(int port)
    {
        var forward = string.Create(CultureInfo.InvariantCulture, $"\0-L\0127.0.0.1:{port}:");
        return [.. Directory.GetDirectories("/proc").Select(Path.GetFileName)
            .Where(static name => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            .Select(static name => int.Parse(name!, CultureInfo.InvariantCulture))
            .Where(id => RealProcesses.IsAlive(id) && CommandLine(id).Contains(forward, StringComparison.Ordinal))];
    }

    private static string CommandLine(int id)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{id}/cmdline"));
        }
        catch (IOException)
        {
            return "";
        }
    }
}
