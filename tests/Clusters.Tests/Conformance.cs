namespace Weft.Clusters.Tests;

/// <summary>What every provider must be able to do, on real processes and real systems.</summary>
internal static class Conformance
{
    private const int Tasks = 5000;
    private const int TaskMs = 4;

    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    public static async Task RunAsync(ClusterUnderTest cluster)
    {
        cluster.Write(minimum: 1, maximum: 4);
        var up = (await cluster.WeftAsync("up", "--wait")).Succeeded();
        Assert.Contains($"cluster {cluster.Name} is up: 1 workers", up.Output);
        await using (var client = await (await cluster.ReachAsync()).ConnectAsync())
        {
            await Workload.RunQuickstartAsync(client);
            await ScaleDuringRunAsync(cluster, client);
            await ReplaceLostNodeAsync(cluster, client);
            await FindAgainAsync(cluster, client);
        }

        var down = (await cluster.WeftAsync("down", "--yes")).Succeeded();
        Assert.Contains("none is left", down.Output);
        await cluster.IsGoneAsync();
    }

    private static async Task ScaleDuringRunAsync(ClusterUnderTest cluster, WeftClient client)
    {
        var run = client.Map(static index => Work(index), Enumerable.Range(0, Tasks));
        (await cluster.WeftAsync("scale", "4")).Succeeded();
        await WorkersAre(client, 4);
        (await cluster.WeftAsync("scale", "2")).Succeeded();
        await WorkersAre(client, 2);
        Assert.Equal(Enumerable.Range(0, Tasks).Select(static index => index * 3L), await client.GatherAsync(run));
    }

    private static async Task ReplaceLostNodeAsync(ClusterUnderTest cluster, WeftClient client)
    {
        var lost = (await client.GetInfoAsync(Ended)).Workers[0].Name;
        cluster.KillNode(lost);
        await RealProcesses.Until($"{lost} is replaced", async () =>
            (await client.GetInfoAsync(Ended)).Workers is { Count: 2 } workers && workers.All(worker => worker.Name != lost));
        await Workload.RunQuickstartAsync(client);
    }

    private static async Task FindAgainAsync(ClusterUnderTest cluster, WeftClient client)
    {
        var before = await client.GetInfoAsync(Ended);
        var again = (await cluster.WeftAsync("up")).Succeeded();
        var after = await client.GetInfoAsync(Ended);

        Assert.Contains($"cluster {cluster.Name} is running.", again.Error);
        Assert.Equal(before.SchedulerId, after.SchedulerId);
        Assert.Equal(before.Workers.Select(static worker => worker.Name), after.Workers.Select(static worker => worker.Name));
    }

    private static Task WorkersAre(WeftClient client, int count) =>
        RealProcesses.Until($"there are {count} workers", async () => (await client.GetInfoAsync(Ended)).Workers.Count == count);

    private static long Work(int index)
    {
        Thread.Sleep(TaskMs);
        return index * 3L;
    }
}
