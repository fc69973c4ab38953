namespace Weft.Graphs.Tests;

/// <summary>One embedded cluster for a class of tests.</summary>
public sealed class EmbeddedCluster : IAsyncLifetime
{
    private LocalCluster? _cluster;
    private WeftClient? _client;

    public WeftClient Client => _client!;

    public async ValueTask InitializeAsync()
    {
        _cluster = await LocalCluster.StartAsync(new LocalClusterOptions { Workers = 2 });
        _client = await _cluster.ConnectAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _client!.DisposeAsync();
        await _cluster!.DisposeAsync();
    }
}
