namespace Weft.Clusters.Tests;

/// <summary>What would be done, without doing it.</summary>
public sealed class DryRunTests
{
    [Fact]
    public async Task A_dry_run_says_what_would_be_done_and_changes_nothing()
    {
        await using var cluster = LocalClusterUnderTest.Create();
        cluster.Write(minimum: 1, maximum: 2);
        Assert.Contains("setsid", (await cluster.WeftAsync("up", "--dry-run")).Succeeded().Output);
        Assert.Empty(cluster.Processes());
        Assert.Contains("is not up", (await cluster.WeftAsync("scale", "2", "--dry-run")).Failed(3).Error);

        (await cluster.WeftAsync("up")).Succeeded();
        var before = cluster.Processes();
        Assert.Equal($"cluster {cluster.Name} would be asked for 2 nodes.\n", (await cluster.WeftAsync("scale", "2", "--dry-run")).Succeeded().Output);
        Assert.Equal("worker-1\n", (await WeftRun.OfAsync(cluster.Command(["drain", "worker-1", "--cluster", cluster.File, "--dry-run"]))).Succeeded().Output);
        var down = (await cluster.WeftAsync("down", "--dry-run")).Succeeded().Output;
        Assert.Contains("head-1 (process ", down);
        Assert.Contains("worker-1 (process ", down);

        Assert.Equal(before, cluster.Processes());
        Assert.Contains("there is no terminal: give --yes", (await cluster.WeftAsync("down")).Failed(2).Error);
        (await cluster.WeftAsync("down", "--yes")).Succeeded();
    }

    [Fact]
    public async Task The_program_of_a_cluster_is_the_one_that_starts_it_whatever_the_environment_names()
    {
        await using var cluster = LocalClusterUnderTest.Create();
        cluster.Write(minimum: 1, maximum: 2);
        var command = cluster.Command(["up", cluster.File, "--dry-run"]);
        command.Environment["WEFT_PROGRAM"] = "/nowhere/weft";

        Assert.Contains(Path.Combine(RealProcesses.ProgramFolder, "weft"), (await WeftRun.OfAsync(command)).Succeeded().Output);
    }
}
