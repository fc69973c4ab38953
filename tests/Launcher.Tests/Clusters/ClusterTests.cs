namespace Weft.Launcher.Tests;

public sealed class ClusterTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("weft-cluster-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_way_to_a_cluster_that_is_disposed_twice_ends_once()
    {
        var file = Path.Combine(_folder, "cluster.yaml");
        await File.WriteAllTextAsync(file, "cluster_name: demo\nprovider: {type: local}\nmax_workers: 1\n", TestContext.Current.CancellationToken);
        await using var way = new Way();
        var cluster = new Cluster(ClusterSite.Open(file, static _ => { }), SchedulerReach.OfFile(file).Owning(way), static _ => { }, isOwned: false, statusUrl: "");

        await cluster.DisposeAsync();
        await cluster.DisposeAsync();

        Assert.Equal(1, way.Ends);
    }

    private sealed class Way : IAsyncDisposable
    {
        public int Ends { get; private set; }

        public ValueTask DisposeAsync()
        {
            Ends++;
            return ValueTask.CompletedTask;
        }
    }
}
