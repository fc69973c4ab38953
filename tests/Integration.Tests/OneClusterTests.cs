using Weft.Launcher;

namespace Weft.Integration.Tests;

/// <summary>Tests that share nothing but the way they begin: each has a cluster of processes and a client of it.</summary>
public abstract class OneClusterTests(ITestOutputHelper output, int workers) : IAsyncLifetime
{
    protected static CancellationToken Ended => TestContext.Current.CancellationToken;

    protected ProcessCluster Cluster { get; private set; } = null!;

    protected WeftClient Client { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Cluster = await ProcessCluster.StartAsync(new ProcessClusterOptions { Workers = workers, Log = output.WriteLine }, Ended);
        Client = await WeftClient.ConnectAsync(Cluster.SchedulerFile, cancellationToken: Ended);
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await Cluster.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
