namespace Weft.Clusters.Tests;

/// <summary>Clusters that live for a job, and jobs that end with their cluster.</summary>
public sealed class WholeLifeTests
{
    private const string Endless = "trap 'echo told to end; exit 3' TERM\nwhile :; do sleep 0.1; done";

    [Fact]
    public async Task A_cluster_that_is_up_for_one_job_ends_after_it_and_leaves_what_it_wrote()
    {
        await using var home = new ClusterHome();

        var run = await home.WeftAsync("submit", "--up", "--down-after", "--name", "only", home.File, home.Script("only.sh", "echo done; exit 4"));

        Assert.Equal(("done\n", 4), (run.Output, run.ExitCode));
        await RealProcesses.Until("nothing of the cluster runs", () => Task.FromResult(ClusterHome.Marked("WEFT_CLUSTER", home.Name).Length == 0));
        Assert.Equal(["jobs", "logs", "nodes"], Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(home.Jobs)!).Select(Path.GetFileName).Order());
        Assert.StartsWith("done\n", (await home.WeftAsync("job", "logs", home.File, "only")).Output);
        Assert.Equal(3, (await home.WeftAsync("submit", home.File, home.InHome("only.sh"))).ExitCode);
    }

    [Fact]
    public async Task What_follows_a_job_that_ends_its_cluster_gets_a_cluster_of_its_own()
    {
        await using var home = new ClusterHome();

        // A node that takes its time to go.
        await File.AppendAllTextAsync(home.File, "available_node_types:\n  cpu:\n    min_workers: 1\n    resources: {CPU: 1}\n    worker_setup_commands: [\"setsid sh -c 'trap \\\"sleep 4; exit\\\" TERM; while :; do sleep 0.2; done' &\"]\n");
        var script = home.Script("short.sh", "sleep 1; echo done");
        Assert.Equal("done\n", (await home.WeftAsync("submit", "--up", "--down-after", "--name", "one", home.File, script)).Output);

        var next = await home.WeftAsync("submit", "--up", "--down-after", "--name", "two", home.File, script);

        Assert.Equal(("done\n", 0), (next.Output, next.ExitCode));
        Assert.Contains(next.ErrorLines, static line => line.EndsWith(" is ending; it is started anew when it has.", StringComparison.Ordinal));
        Assert.Contains(next.ErrorLines, static line => line.Contains("starting the head", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Jobs_end_with_their_cluster_and_are_told_so()
    {
        await using var home = new ClusterHome();
        await home.WeftAsync("submit", "-d", "--up", "--name", "sleeper", home.File, home.Script("sleeper.sh", Endless));
        Assert.Contains("job sleeper\n", (await home.WeftAsync("down", "--dry-run", home.File)).Output);

        var down = await home.WeftAsync("down", "--yes", home.File);

        Assert.Equal(0, down.ExitCode);
        Assert.Contains("weft down: ending job sleeper.", down.ErrorLines);
        Assert.Empty(ClusterHome.Marked("WEFT_CLUSTER", home.Name));
        Assert.EndsWith("told to end\n", (await home.WeftAsync("job", "logs", home.File, "sleeper")).Output);
        Assert.StartsWith("sleeper  stopped: exit code 3\n", (await home.WeftAsync("job", "status", home.File, "sleeper")).Output);
    }

    [Fact]
    public async Task A_cluster_that_ends_by_itself_ends_its_jobs_first()
    {
        await using var home = new ClusterHome();
        await home.WeftAsync("submit", "-d", "--up", "--name", "sleeper", home.File, home.Script("sleeper.sh", Endless));

        var last = await home.WeftAsync("submit", "-d", "--down-after", "--name", "last", home.File, home.Script("last.sh", "exit 0"));

        Assert.Equal(("last\n", 0), (last.Output, last.ExitCode));
        await RealProcesses.Until("nothing of the cluster runs", () => Task.FromResult(ClusterHome.Marked("WEFT_CLUSTER", home.Name).Length == 0));
        Assert.StartsWith("sleeper  stopped: exit code 3\n", (await home.WeftAsync("job", "status", home.File, "sleeper")).Output);
        Assert.StartsWith("last  succeeded\n", (await home.WeftAsync("job", "status", home.File, "last")).Output);
    }
}
