using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;

namespace Weft.Clusters.Tests;

/// <summary>Starts that fail: they say what, on which node, in the words of the system, and leave nothing.</summary>
public sealed class UpFailureTests
{
    /// <summary>By starts that run beside the test.</summary>
    private readonly ConcurrentQueue<string> _said = new();

    [Fact]
    public async Task A_node_that_ends_at_once_fails_the_start_with_its_own_words()
    {
        await using var cluster = LocalClusterUnderTest.Create();
        cluster.Write(minimum: 1, maximum: 1, "worker_setup_commands: ['echo no licence for this host >&2; exit 3']");

        var up = (await cluster.WeftAsync("up")).Failed(1);

        Assert.Contains("weft: worker-1: exit code 3: ", up.Error);
        Assert.Contains("no licence for this host", up.Error);
        await cluster.IsGoneAsync();
    }

    [Fact]
    public async Task A_head_that_ends_at_once_fails_the_start_with_its_own_words()
    {
        await using var cluster = LocalClusterUnderTest.Create();
        cluster.Write(minimum: 1, maximum: 1, "head_setup_commands: ['echo the volume is not mounted; exit 7']");

        var up = (await cluster.WeftAsync("up")).Failed(1);

        Assert.Contains("weft: the head ended: exit code 7", up.Error);
        Assert.Contains("the volume is not mounted", up.Error);
        await cluster.IsGoneAsync();
    }

    [Fact]
    public async Task A_start_that_is_interrupted_takes_down_what_it_started()
    {
        await using var cluster = LocalClusterUnderTest.Create();
        cluster.Write(minimum: 1, maximum: 1, "worker_setup_commands: ['sleep 100']");
        using var up = Begin(cluster);
        await RealProcesses.Until("a node is there", () => Task.FromResult(cluster.Processes("worker-1").Count > 0));

        RealProcesses.Signal(up.Id, RealProcesses.Sigint);
        await up.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(130, up.ExitCode);
        await cluster.IsGoneAsync();
    }

    [Fact]
    public async Task A_start_that_waits_for_another_s_head_does_not_take_it_down()
    {
        await using var cluster = LocalClusterUnderTest.Create();
        cluster.Write(minimum: 1, maximum: 1, "head_setup_commands: ['sleep 100']");
        using var first = Begin(cluster);
        await RealProcesses.Until("a head is there", () => Task.FromResult(cluster.Processes("head-1").Count > 0));
        using var second = Begin(cluster);
        await RealProcesses.Until("the second has seen it", () => Task.FromResult(second.HasExited || _said.Any(static line => line.Contains("a head is there", StringComparison.Ordinal))));

        RealProcesses.Signal(second.Id, RealProcesses.Sigint);
        await second.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(130, second.ExitCode);
        Assert.NotEmpty(cluster.Processes("head-1"));
        RealProcesses.Signal(first.Id, RealProcesses.Sigint);
        await first.WaitForExitAsync(TestContext.Current.CancellationToken);
        await cluster.IsGoneAsync();
    }

    [Fact]
    public async Task What_a_killed_start_has_left_is_found_by_the_next_up_and_by_down()
    {
        await using var cluster = LocalClusterUnderTest.Create();
        cluster.Write(minimum: 1, maximum: 1);
        using var up = Begin(cluster);
        await RealProcesses.Until("a node is there", () => Task.FromResult(cluster.Processes("worker-1").Count > 0));
        up.Kill();
        await up.WaitForExitAsync(TestContext.Current.CancellationToken);

        // With the head, nobody is left who looks after the node.
        cluster.KillNode("head-1");
        var again = (await cluster.WeftAsync("up", "--wait")).Succeeded();
        Assert.Contains("1 nodes of an earlier start are there without a head: the new one takes them over.", again.Error);
        Assert.Contains("is up: 1 workers", again.Output);
        Assert.NotEmpty(cluster.Processes("worker-1"));

        cluster.KillNode("head-1");
        Assert.Contains("1 nodes were ended, and none is left", (await cluster.WeftAsync("down", "--yes")).Succeeded().Output);
        await cluster.IsGoneAsync();
        Assert.Contains("nothing of cluster", (await cluster.WeftAsync("down", "--yes")).Succeeded().Output);
    }

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

    [Theory]
    [InlineData("head_setup_commands: ['exit 7']", "the head ended: exit code 7")]
    [InlineData("file_mounts: {~/there: ./no-such-folder}", "no-such-folder")]
    public async Task A_start_that_fails_leaves_what_an_earlier_one_has_left(string wrong, string told)
    {
        await using var cluster = LocalClusterUnderTest.Create();
        cluster.Write(minimum: 1, maximum: 1);
        (await cluster.WeftAsync("up", "--wait")).Succeeded();
        await using var client = await (await cluster.ReachAsync()).ConnectAsync();
        var made = client.Submit(static () => "made before");
        Assert.Equal("made before", await made);
        cluster.KillNode("head-1");
        cluster.Write(minimum: 1, maximum: 1, wrong);

        Assert.Contains(told, (await cluster.WeftAsync("up")).Failed(1).Error);

        Assert.Empty(cluster.Processes("head-1"));
        Assert.NotEmpty(cluster.Processes("worker-1"));
        cluster.Write(minimum: 1, maximum: 1);
        (await cluster.WeftAsync("up", "--wait")).Succeeded();
        Assert.Equal("made before, and after", await client.Submit(static (string before) => $"{before}, and after", made));
        (await cluster.WeftAsync("down", "--yes")).Succeeded();
        await cluster.IsGoneAsync();
    }

    [Fact]
    public async Task A_start_that_fails_before_it_knows_what_is_there_takes_nothing_down()
    {
        await using var cluster = LocalClusterUnderTest.Create();
        cluster.Write(minimum: 1, maximum: 1);
        (await cluster.WeftAsync("up", "--wait")).Succeeded();
        cluster.KillNode("head-1");
        var copy = Path.Combine(cluster.ClusterFolder, "cluster.yaml");
        File.Delete(copy);
        Directory.CreateDirectory(copy);

        (await cluster.WeftAsync("up")).Failed(1);

        Assert.NotEmpty(cluster.Processes("worker-1"));
        (await cluster.WeftAsync("down", "--yes")).Succeeded();
        await cluster.IsGoneAsync();
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
        using var first = Begin(cluster);
        await RealProcesses.Until("a head is there", () => Task.FromResult(cluster.Processes("head-1").Count > 0));
        cluster.Write(minimum: 0, maximum: 3, Setup);
        using var second = Begin(cluster);
        await RealProcesses.Until("the second has seen it", () => Task.FromResult(second.HasExited || _said.Any(static line => line.Contains("a head is there", StringComparison.Ordinal))));

        await File.WriteAllTextAsync(Path.Combine(cluster.Folder, "go"), "", TestContext.Current.CancellationToken);

        await first.WaitForExitAsync(TestContext.Current.CancellationToken);
        await second.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal((0, 0), (first.ExitCode, second.ExitCode));
        Assert.Contains("max_workers: 3", await File.ReadAllTextAsync(Path.Combine(cluster.ClusterFolder, "cluster.yaml"), TestContext.Current.CancellationToken));
        (await cluster.WeftAsync("down", "--yes")).Succeeded();
    }

    [Fact]
    public async Task A_file_that_has_changed_is_brought_to_the_running_cluster()
    {
        await using var cluster = LocalClusterUnderTest.Create();
        cluster.Write(minimum: 1, maximum: 2);
        (await cluster.WeftAsync("up")).Succeeded();
        cluster.Write(minimum: 2, maximum: 2);

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

    [Fact]
    public async Task Everything_that_is_wrong_in_the_file_is_said_at_once()
    {
        await using var cluster = LocalClusterUnderTest.Create();
        cluster.Write(minimum: 3, maximum: 2, "worker_timout: 5m\nupscaling_speed: fast");

        var up = (await cluster.WeftAsync("up")).Failed(2);

        Assert.Contains("Did you mean 'worker_timeout'?", up.Error);
        Assert.Contains("upscaling_speed", up.Error);
        Assert.Contains("min_workers", up.Error);
    }

    private Process Begin(ClusterUnderTest cluster)
    {
        var info = cluster.Command(["up", cluster.File]);
        info.RedirectStandardError = true;
        info.RedirectStandardOutput = true;
        var up = Process.Start(info)!;
        up.ErrorDataReceived += (_, line) => _said.Enqueue(line.Data ?? "");
        up.BeginErrorReadLine();
        up.BeginOutputReadLine();
        return up;
    }
}
