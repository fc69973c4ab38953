using System.Collections.Concurrent;

namespace Weft.Clusters.Tests;

/// <summary>Starts that fail: they say what, on which node, in the words of the system, and leave nothing of their own.</summary>
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
        using var up = cluster.BeginUp(_said);
        await RealProcesses.Until("a node is there", () => Task.FromResult(cluster.Processes("worker-1").Count > 0));

        RealProcesses.Signal(up.Id, RealProcesses.Sigint);
        await up.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(130, up.ExitCode);
        await cluster.IsGoneAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_start_that_waits_for_another_s_head_does_not_take_it_down(bool isOtherKilled)
    {
        await using var cluster = LocalClusterUnderTest.Create();
        cluster.Write(minimum: 1, maximum: 1, "head_setup_commands: ['sleep 100']");
        using var first = cluster.BeginUp(_said);
        await RealProcesses.Until("a head is there", () => Task.FromResult(cluster.Processes("head-1").Count > 0));
        using var second = cluster.BeginUp(_said);
        await SaysAsync("another start of cluster");
        if (isOtherKilled)
        {
            first.Kill();
            await SaysAsync("a head is there");
        }

        RealProcesses.Signal(second.Id, RealProcesses.Sigint);
        await second.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(130, second.ExitCode);
        Assert.NotEmpty(cluster.Processes("head-1"));
        if (isOtherKilled)
        {
            (await cluster.WeftAsync("down", "--yes")).Succeeded();
        }
        else
        {
            RealProcesses.Signal(first.Id, RealProcesses.Sigint);
            await first.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        await cluster.IsGoneAsync();

        Task SaysAsync(string words) => RealProcesses.Until($"the second says '{words}'", () => Task.FromResult(second.HasExited || _said.Any(line => line.Contains(words, StringComparison.Ordinal))));
    }

    [Fact]
    public async Task What_a_killed_start_has_left_is_found_by_the_next_up_and_by_down()
    {
        await using var cluster = LocalClusterUnderTest.Create();
        cluster.Write(minimum: 1, maximum: 1);
        using var up = cluster.BeginUp(_said);
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
    public async Task A_start_that_fails_leaves_a_journal_that_was_there_before_the_cluster()
    {
        await using var cluster = LocalClusterUnderTest.Create();
        cluster.Write(minimum: 1, maximum: 1, "head_setup_commands: ['exit 7']");
        var journal = Directory.CreateDirectory(Path.Combine(cluster.ClusterFolder, "scheduler.json.journal"));

        Assert.Contains("exit code 7", (await cluster.WeftAsync("up")).Failed(1).Error);

        journal.Refresh();
        Assert.True(journal.Exists);
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
}
