namespace Weft.Clusters.Tests;

/// <summary>One cluster on this machine for all tests of a class.</summary>
public sealed class RunningCluster : IAsyncLifetime
{
    public ClusterHome Home { get; } = new();

    public async ValueTask InitializeAsync()
    {
        var up = await Home.WeftAsync("up", Home.File);
        Assert.True(up.ExitCode == 0, string.Join('\n', up.ErrorLines));
    }

    public ValueTask DisposeAsync() => Home.DisposeAsync();
}
