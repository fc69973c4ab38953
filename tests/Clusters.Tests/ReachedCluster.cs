namespace Weft.Clusters.Tests;

/// <summary>A way to a running cluster's scheduler.</summary>
internal sealed record ReachedCluster(string SchedulerFile, IAsyncDisposable? Way = null) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Way?.DisposeAsync() ?? ValueTask.CompletedTask;
}
