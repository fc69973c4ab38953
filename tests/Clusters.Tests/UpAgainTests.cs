using System.Collections.Concurrent;
using System.Text;

namespace Weft.Clusters.Tests;

/// <summary><c>weft up</c> on a cluster that is there, or that was there before.</summary>
public sealed class UpAgainTests
{
    /// <summary>By starts that run beside the test.</summary>
    private readonly ConcurrentQueue<string> _said = new();

    [Fact]
    public async Task A_cluster_whose_head_was_killed_goes_on_with_the_next_up()
    {
        await using var cluster = LocalClusterUnderTest.Create();
        cluster.Write(minimum: 2, maximum: 2);
        (await cluster.WeftAsync("up")).Succeeded();
        await using var client = await (await cluster.ReachAsync()).ConnectAsync();
        var run = Workload.StartLongRun(client);
        await RealProcesses.Until("a few tasks are done", async () => (await client.GetInfoAsync(TestContext.Current.CancellationToken)).Completed > 100);

        cluster.KillNode("head-1");
        (await cluster.WeftAsync("up")).Succeeded();

        await Workload.CheckLongRunAsync(client, run);
        (await cluster.WeftAsync("down", "--yes")).Succeeded();
    }

    [Fact]
    public async Task A_head_on_another_machine_with_the_same_home_is_not_looked_for_here()
    {
        await using var cluster = LocalClusterUnderTest.Create();
        cluster.Write(minimum: 0, maximum: 1);
        (await cluster.WeftAsync("up")).Succeeded();
        var noted = Path.Combine(cluster.ClusterFolder, "machine");
        var here = await File.ReadAllTextAsync(noted, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(noted, "login1\nanother-boot\n", TestContext.Current.CancellationToken);

        foreach (var arguments in new string[][] { ["up"], ["down", "--yes"], ["down", "--dry-run"], ["exec", "true"], ["job", "list"], ["cp", "head:x", "y"] })
        {
            var run = await WeftRun.OfAsync(cluster.Command(arguments is ["job", var act] ? ["job", act, cluster.File] : [arguments[0], cluster.File, .. arguments.AsSpan(1)]));
            Assert.Contains("runs on login1: run this there", run.Failed(2).Error);
        }

        (await cluster.WeftAsync("status")).Succeeded();
        Assert.NotEmpty(cluster.Processes("head-1"));
        await File.WriteAllTextAsync(noted, here, TestContext.Current.CancellationToken);
        (await cluster.WeftAsync("down", "--yes")).Succeeded();
        await cluster.IsGoneAsync();
    }

    [Fact]
    public async Task A_file_with_a_mark_of_its_encoding_is_the_same_file_the_second_time()
    {
        await using var cluster = LocalClusterUnderTest.Create();
        cluster.Write(minimum: 0, maximum: 1);
        await File.WriteAllTextAsync(cluster.File, await File.ReadAllTextAsync(cluster.File, TestContext.Current.CancellationToken), Encoding.UTF8, TestContext.Current.CancellationToken);
        (await cluster.WeftAsync("up")).Succeeded();

        Assert.DoesNotContain("replaced", (await cluster.WeftAsync("up")).Succeeded().Error);

        (await cluster.WeftAsync("down", "--yes")).Succeeded();
    }

    [Fact]
    public async Task A_file_that_changed_while_the_head_was_on_its_way_is_brought_to_it()
    {
        await using var cluster = LocalClusterUnderTest.Create();
        const string Setup = "head_setup_commands: ['while test ! -e ~/go; do sleep 0.1; done']";
        cluster.Write(minimum: 0, maximum: 1, Setup);
        using var first = cluster.BeginUp(_said);
        await RealProcesses.Until("a head is there", () => Task.FromResult(cluster.Processes("head-1").Count > 0));
        cluster.Write(minimum: 0, maximum: 3, Setup);
        using var second = cluster.BeginUp(_said);
        await RealProcesses.Until("the second waits", () => Task.FromResult(second.HasExited || _said.Any(static line => line.Contains("another start of cluster", StringComparison.Ordinal))));
        first.Kill();
        await RealProcesses.Until("the second has seen the head", () => Task.FromResult(second.HasExited || _said.Any(static line => line.Contains("a head is there", StringComparison.Ordinal))));

        await File.WriteAllTextAsync(Path.Combine(cluster.Folder, "go"), "", TestContext.Current.CancellationToken);

        await second.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, second.ExitCode);
        Assert.Contains("max_workers: 3", await File.ReadAllTextAsync(Path.Combine(cluster.ClusterFolder, "cluster.yaml"), TestContext.Current.CancellationToken));
        (await cluster.WeftAsync("down", "--yes")).Succeeded();
    }

    [Fact]
    public async Task A_file_that_has_changed_is_brought_to_the_running_cluster()
    {
        await using var cluster = LocalClusterUnderTest.Create();
        cluster.Write(minimum: 1, maximum: 2);
        var written = File.GetLastWriteTimeUtc(cluster.File);
        (await cluster.WeftAsync("up")).Succeeded();

        // Of the same size, and saved within the same moment.
        cluster.Write(minimum: 2, maximum: 2);
        File.SetLastWriteTimeUtc(cluster.File, written);

        var up = (await cluster.WeftAsync("up", "--wait")).Succeeded();

        Assert.Contains("its cluster file was replaced by this one", up.Error);
        Assert.Contains("is up: 2 workers", up.Output);
        (await cluster.WeftAsync("down", "--yes")).Succeeded();
    }

    [Fact]
    public async Task A_running_cluster_gets_the_mounts_as_they_are_now_and_keeps_its_file_when_it_cannot_follow_another()
    {
        await using var cluster = LocalClusterUnderTest.Create();
        var (mount, there) = (Path.Combine(cluster.Folder, "data"), Path.Combine(cluster.Folder, "there/data"));
        await File.WriteAllTextAsync(mount, "old", TestContext.Current.CancellationToken);
        cluster.Write(minimum: 0, maximum: 1, "file_mounts: {~/there/data: data}\njournal: ~/journal");
        (await cluster.WeftAsync("up")).Succeeded();
        Assert.True(Directory.Exists(Path.Combine(cluster.Folder, "journal")));

        await File.WriteAllTextAsync(mount, "newer", TestContext.Current.CancellationToken);
        Assert.DoesNotContain("replaced", (await cluster.WeftAsync("up")).Succeeded().Error);
        Assert.Equal("newer", await File.ReadAllTextAsync(there, TestContext.Current.CancellationToken));

        cluster.Write(minimum: 0, maximum: 2, "file_mounts: {~/there/data: data}\njournal: off");
        Assert.Contains("the head goes on as it began: journal take effect", (await cluster.WeftAsync("up")).Succeeded().Error);

        var copy = Path.Combine(cluster.ClusterFolder, "cluster.yaml");
        var before = await File.ReadAllTextAsync(copy, TestContext.Current.CancellationToken);
        cluster.Write(minimum: 0, maximum: 2, "scheduler_file: ~/other.json");
        Assert.Contains("scheduler_file is ", (await cluster.WeftAsync("up")).Failed(2).Error);
        Assert.Equal(before, await File.ReadAllTextAsync(copy, TestContext.Current.CancellationToken));
        await File.WriteAllTextAsync(cluster.File, before, TestContext.Current.CancellationToken);
        (await cluster.WeftAsync("down", "--yes")).Succeeded();
    }

    [Fact]
    public async Task A_cluster_with_nothing_to_do_goes_to_its_minimum_and_ends_with_its_head()
    {
        await using var cluster = LocalClusterUnderTest.Create();
        cluster.Write(minimum: 0, maximum: 2, "worker_timeout: 1s\nhead_timeout: 12s");
        (await cluster.WeftAsync("up")).Succeeded();
        await using (var client = await (await cluster.ReachAsync()).ConnectAsync())
        {
            // Nobody is there: a node comes for what is to be done.
            await Workload.RunQuickstartAsync(client);
        }

        await RealProcesses.Until("the nodes have gone", () => Task.FromResult(cluster.Processes("worker-1").Count == 0));
        await RealProcesses.Until("the head has ended", () => Task.FromResult(cluster.Processes().Count == 0));
        Assert.False(File.Exists(Path.Combine(cluster.ClusterFolder, "scheduler.json")));
    }
}
