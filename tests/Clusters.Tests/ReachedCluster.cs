namespace Weft.Clusters.Tests;

/// <summary>What a client names to reach the cluster.</summary>
internal sealed record ReachedCluster(string File)
{
    public Task<WeftClient> ConnectAsync() => WeftClient.ConnectAsync(File, cancellationToken: TestContext.Current.CancellationToken);
}
