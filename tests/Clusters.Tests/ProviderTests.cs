using Weft.Providers.Tests.Ssh;

namespace Weft.Clusters.Tests;

public sealed class LocalProviderTests
{
    [Fact]
    public async Task Local_nodes_do_what_every_provider_must()
    {
        await using var cluster = LocalClusterUnderTest.Create();
        await Conformance.RunAsync(cluster);
    }
}

/// <summary>One at a time: each is a whole cluster, on few cores.</summary>
[CollectionDefinition(Name)]
public sealed class QueueCollection
{
    public const string Name = "queues";
}

[Trait("Category", "System")]
[Collection(QueueCollection.Name)]
public sealed class GridEngineProviderTests
{
    [Fact]
    public async Task Jobs_of_Grid_Engine_do_what_every_provider_must()
    {
        await using var cluster = await QueueClusterUnderTest.GridEngineAsync();
        await Conformance.RunAsync(cluster);
    }

    [Fact]
    public async Task The_head_may_be_a_job_itself()
    {
        await using var cluster = await QueueClusterUnderTest.GridEngineAsync(head: ", run_as: job");
        cluster.Write(minimum: 1, maximum: 1);

        var up = (await cluster.WeftAsync("up", "--wait")).Succeeded();

        Assert.Contains("starting the head on a node", up.Error);
        Assert.Equal(2, (await cluster.JobsAsync()).Count);
        await using (var client = await (await cluster.ReachAsync()).ConnectAsync())
        {
            await Workload.RunQuickstartAsync(client);
        }

        (await cluster.WeftAsync("down", "--yes")).Succeeded();
        await cluster.IsGoneAsync();
    }
}

[Trait("Category", "System")]
[Collection(QueueCollection.Name)]
public sealed class SlurmProviderTests
{
    [Fact]
    public async Task Jobs_of_Slurm_do_what_every_provider_must()
    {
        await using var cluster = await QueueClusterUnderTest.SlurmAsync();
        await Conformance.RunAsync(cluster);
    }
}

[Trait("Category", "System")]
public sealed class SshProviderTests(SshServer server) : IClassFixture<SshServer>
{
    [Fact]
    public async Task Hosts_by_SSH_do_what_every_provider_must()
    {
        await using var cluster = new SshClusterUnderTest(server, new TemporaryFolder());
        await Conformance.RunAsync(cluster);
    }

    [Fact]
    public async Task A_scheduler_that_only_its_own_host_reaches_is_reached_through_a_tunnel()
    {
        await using var cluster = new SshClusterUnderTest(server, new TemporaryFolder()) { Head = ", host: 127.0.0.1" };
        cluster.Write(minimum: 1, maximum: 1);
        (await cluster.WeftAsync("up", "--wait")).Succeeded();
        await using (var client = await (await cluster.ReachAsync()).ConnectAsync())
        {
            await Workload.RunQuickstartAsync(client);

            // Larger than what the scheduler keeps: from the worker, by whatever way.
            Assert.Equal(100_000, (await client.Submit(static () => new byte[100_000])).Length);
        }

        (await cluster.WeftAsync("down", "--yes")).Succeeded();
        await cluster.IsGoneAsync();
    }
}
