using System.Globalization;
using Weft.Launcher;
using Weft.Provisioning;

namespace Weft.Providers.Tests.Ssh;

/// <summary>The scripts for hosts, in shells of this machine.</summary>
[Trait("Category", "System")]
public sealed class NodeScriptsTests : IDisposable
{
    private static int _clusters;

    private readonly string _folder = Directory.CreateTempSubdirectory("weft-scripts-").FullName;
    private readonly string _cluster = string.Create(CultureInfo.InvariantCulture, $"scripts-{Environment.ProcessId}-{Interlocked.Increment(ref _clusters)}");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("/bin/sh")]
    [InlineData("busybox sh")]
    public async Task Of_nodes_that_are_over_the_newest_hundred_are_told_and_no_log_is_read_for_it(string shell)
    {
        var nodes = Directory.CreateDirectory(Path.Combine(_folder, "nodes", await RunAsync("/bin/sh", "uname -n"))).FullName;
        var began = DateTime.UtcNow.AddHours(-1);
        for (var number = 1; number <= 150; number++)
        {
            var node = Path.Combine(nodes, $"cpu-{number}");
            await File.WriteAllTextAsync($"{node}.pid", $"{number}\n", TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync($"{node}.exit", $"3 no \\n \"licence\"  for {number}\n", TestContext.Current.CancellationToken);
            File.SetLastWriteTimeUtc($"{node}.pid", began.AddSeconds(number));
        }

        // It was killed.
        File.Delete(Path.Combine(nodes, "cpu-140.exit"));
        File.Create(Path.Combine(nodes, "cpu-150.end")).Dispose();
        await ListAsync(shell);
        var listed = await ListAsync(shell);

        Assert.Equal(Enumerable.Range(51, 100), listed.Select(static node => node.Id.Number).Order());
        Assert.Equal(200, Directory.GetFiles(nodes).Length);
        Assert.Equal(new HostNode(new NodeId("cpu", 140), 140, IsAlive: false, IsToldToEnd: false, ExitCode: null, LastLine: ""), listed.Single(static node => node.Id.Number == 140));
        Assert.Equal(new HostNode(new NodeId("cpu", 150), 150, IsAlive: false, IsToldToEnd: true, ExitCode: 3, LastLine: "no \\n \"licence\"  for 150"), listed.Single(static node => node.Id.Number == 150));
    }

    [Theory]
    [InlineData("/bin/sh")]
    [InlineData("busybox sh")]
    public async Task A_node_leaves_its_exit_code_and_the_last_line_that_it_wrote(string shell)
    {
        await LaunchAsync(shell, "echo first\nprintf '%s\\n' 'weft: not \"found\"\t\\n'\nexit 3\n");
        await Wait.UntilAsync("it is over", async () => (await ListAsync(shell)) is [{ IsAlive: false }]);
        Directory.Delete(Path.Combine(_folder, "logs"), recursive: true);

        var node = Assert.Single(await ListAsync(shell));
        Assert.Equal((3, "weft: not \"found\" \\n"), (node.ExitCode!.Value, node.LastLine));
    }

    [Theory]
    [InlineData("/bin/sh")]
    [InlineData("busybox sh")]
    public async Task A_node_that_is_launched_again_at_once_is_not_taken_for_what_the_last_one_left(string shell)
    {
        await LaunchAsync(shell, "sleep 100 & exit 3\n");
        await Wait.UntilAsync("it is over", async () => (await ListAsync(shell)) is [{ IsAlive: false, ExitCode: 3 }]);
        await LaunchAsync(shell, "sleep 0.5; exit 4\n");

        await Wait.UntilAsync("it is over again", async () => (await ListAsync(shell)) is [{ IsAlive: false, ExitCode: not null }]);
        Assert.Equal(4, Assert.Single(await ListAsync(shell)).ExitCode);
    }

    [Theory]
    [InlineData("/bin/sh")]
    [InlineData("busybox sh")]
    public async Task A_node_ends_though_it_cannot_be_written_down_that_it_is_to(string shell)
    {
        await LaunchAsync(shell, "exec sleep 100\n");
        Directory.CreateDirectory(Path.Combine(_folder, "nodes", await RunAsync("/bin/sh", "uname -n"), "cpu-1.end"));

        Assert.Equal("weft-nodes\nfound cpu-1\nweft-end", await RunAsync(shell, NodeScripts.Terminate(_cluster, _folder, [new NodeId("cpu", 1)], TimeSpan.FromSeconds(10))));

        Assert.Empty(NodeProcesses.Of(_cluster));
    }

    private async Task LaunchAsync(string shell, string script)
    {
        var launched = await ExternalCommand.RunAsync(
            shell.Split(' ')[0], [.. shell.Split(' ').Skip(1), "-c", NodeScripts.Launch(_cluster, _folder, new NodeId("cpu", 1))], script, TestContext.Current.CancellationToken);
        Assert.Equal("started\n", launched.Output);
    }

    private async Task<IReadOnlyList<HostNode>> ListAsync(string shell)
    {
        Assert.True(HostReport.TryReadNodes(await RunAsync(shell, NodeScripts.List(_cluster, _folder)), out var nodes));
        return nodes;
    }

    private static async Task<string> RunAsync(string shell, string script)
    {
        var result = await ExternalCommand.RunAsync(shell.Split(' ')[0], [.. shell.Split(' ').Skip(1), "-c", script], null, TestContext.Current.CancellationToken);
        Assert.Equal("", result.Error);
        return result.Output.Trim();
    }
}
