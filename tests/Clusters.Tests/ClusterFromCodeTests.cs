using System.Collections.Concurrent;

namespace Weft.Clusters.Tests;

/// <summary>The same from a program.</summary>
public sealed class ClusterFromCodeTests
{
    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_program_starts_a_cluster_sizes_it_and_leaves_nothing()
    {
        await using var files = LocalClusterUnderTest.InHome();
        files.Write(minimum: 1, maximum: 2);
        var lines = new List<string>();
        await using (var cluster = await Cluster.StartAsync(files.File, lines.Add, Ended))
        {
            Assert.Equal(files.Name, cluster.Name);
            Assert.StartsWith("http://", cluster.StatusUrl, StringComparison.Ordinal);
            Assert.Contains(lines, static line => line.StartsWith("worker-1 (process ", StringComparison.Ordinal));
            await using var client = await WeftClient.ConnectAsync(files.File, cancellationToken: Ended);
            await Workload.RunQuickstartAsync(client);

            await cluster.ScaleAsync(2, Ended);
            await RealProcesses.Until("there are two workers", async () => (await client.GetInfoAsync(Ended)).Workers.Count == 2);
            var tooMany = await Assert.ThrowsAsync<Launcher.LaunchException>(() => cluster.AdaptAsync(0, 3, Ended));
            Assert.Contains("The maximum of 3 nodes is more than the cluster may have: max_workers is 2.", tooMany.Message, StringComparison.Ordinal);
            await cluster.AdaptAsync(minimum: 0, maximum: 2, Ended);

            // Another who only connects leaves it running.
            await (await Cluster.ConnectAsync(files.File, cancellationToken: Ended)).DisposeAsync();
            await Workload.RunQuickstartAsync(client);
            Assert.NotEmpty(await cluster.ReadLogAsync("head-1", 10, Ended));
        }

        Assert.Empty(files.Processes());
        var missing = await Assert.ThrowsAsync<SchedulerLostException>(() => WeftClient.ConnectAsync(files.File, cancellationToken: Ended));
        Assert.Contains($"cluster {files.Name} is not up", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_two_starts_at_a_time_one_owns_the_cluster()
    {
        await using var files = LocalClusterUnderTest.InHome();
        files.Write(minimum: 0, maximum: 1);
        var said = new[] { new ConcurrentQueue<string>(), new ConcurrentQueue<string>() };

        var clusters = await Task.WhenAll(said.Select(lines => Task.Run(() => Cluster.StartAsync(files.File, lines.Enqueue, Ended), Ended)));

        var others = said.Select(lines => lines.Contains($"cluster {files.Name} is running.")).ToArray();
        Assert.Single(others, static isAnother => isAnother);
        await clusters[Array.IndexOf(others, true)].DisposeAsync();
        Assert.NotEmpty(files.Processes("head-1"));
        await clusters[Array.IndexOf(others, false)].DisposeAsync();
        Assert.Empty(files.Processes());
    }

    [Fact]
    public async Task A_start_that_is_cancelled_when_all_is_there_takes_down_what_it_started()
    {
        await using var files = LocalClusterUnderTest.InHome();
        files.Write(minimum: 1, maximum: 1);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Ended);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Cluster.StartAsync(files.File, CancelWhenReady, cancel.Token));

        Assert.Empty(files.Processes());

        void CancelWhenReady(string line)
        {
            if (line.Contains(": ready on ", StringComparison.Ordinal))
            {
                cancel.Cancel();
            }
        }
    }
}
