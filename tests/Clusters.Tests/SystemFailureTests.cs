using Weft.Providers.Tests.Ssh;

namespace Weft.Clusters.Tests;

/// <summary>What real systems refuse, in their own words.</summary>
[Trait("Category", "System")]
[Collection(QueueCollection.Name)]
public sealed class SystemFailureTests(SshServer server) : IClassFixture<SshServer>
{
    [Fact]
    public async Task A_queue_that_there_is_not_fails_the_start_in_the_words_of_Grid_Engine()
    {
        await using var cluster = await QueueClusterUnderTest.GridEngineAsync("queue: nosuch");
        cluster.Write(minimum: 1, maximum: 1);

        var up = (await cluster.WeftAsync("up")).Failed(1);

        Assert.Contains("nosuch", up.Error);
        await cluster.IsGoneAsync();
    }

    [Fact]
    public async Task A_project_that_there_is_not_fails_the_first_job_and_with_it_the_start()
    {
        await using var cluster = await QueueClusterUnderTest.GridEngineAsync("queue: weft, project: nosuch");
        cluster.Write(minimum: 1, maximum: 1);

        var up = (await cluster.WeftAsync("up")).Failed(1);

        // Only a submission finds it.
        Assert.Contains("nosuch", up.Error);
        await cluster.IsGoneAsync();
    }

    [Fact]
    public async Task A_partition_that_there_is_not_fails_the_start_in_the_words_of_Slurm()
    {
        await using var cluster = await QueueClusterUnderTest.SlurmAsync("partition: nosuch");
        cluster.Write(minimum: 1, maximum: 1);

        var up = (await cluster.WeftAsync("up")).Failed(1);

        Assert.Contains("nosuch", up.Error);
        await cluster.IsGoneAsync();
    }

    [Fact]
    public async Task A_key_that_lets_nobody_in_fails_the_start_in_the_words_of_ssh()
    {
        await using var cluster = new SshClusterUnderTest(server, new TemporaryFolder()) { PrivateKey = Path.Combine(server.Folder, "stranger") };
        cluster.Write(minimum: 1, maximum: 1);

        var up = (await cluster.WeftAsync("up")).Failed(1);

        Assert.Contains("Permission denied", up.Error);
        Assert.Contains(server.HostOf("weft-b"), up.Error);
        await cluster.IsGoneAsync();
    }

    [Fact]
    public async Task A_host_that_cannot_be_reached_is_named_with_the_words_of_ssh()
    {
        await using var cluster = new SshClusterUnderTest(server, new TemporaryFolder()) { Workers = [server.HostOf("weft-b"), "weft-c@127.0.0.1:1"] };
        cluster.Write(minimum: 1, maximum: 1);

        var up = (await cluster.WeftAsync("up")).Failed(1);

        Assert.Contains("weft-c@127.0.0.1:1", up.Error);
        Assert.Contains("Connection refused", up.Error);
        await cluster.IsGoneAsync();
    }

    [Fact]
    public async Task A_hundred_nodes_are_one_job_and_those_that_wait_are_no_failure()
    {
        await using var cluster = await QueueClusterUnderTest.GridEngineAsync();
        cluster.Write(minimum: 100, maximum: 100);

        var up = (await cluster.WeftAsync("up")).Succeeded();

        Assert.Matches(@"is up: \d+ workers, \d+ nodes wait", up.Output);
        Assert.Single(await cluster.JobsAsync());
        Assert.Contains("none is left", (await cluster.WeftAsync("down", "--yes")).Succeeded().Output);
        await cluster.IsGoneAsync();
    }
}
