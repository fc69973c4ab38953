using System.Collections.Concurrent;
using Weft.Provisioning;

namespace Weft.Launcher.Tests.Autoscaling;

/// <summary>A provider that answers what the test says, and remembers what it was asked.</summary>
internal sealed class FakeProvider : IClusterProvider
{
    private readonly TaskCompletionSource<CancellationToken> _cancellation = new();

    public List<ClusterNode> Nodes { get; } = [];

    public ConcurrentQueue<LaunchRequest> Launches { get; } = [];

    public ConcurrentQueue<string> Ends { get; } = [];

    public Func<LaunchRequest, Task<IReadOnlyList<NodeFailure>>> Launch { get; set; } = static _ => Task.FromResult<IReadOnlyList<NodeFailure>>([]);

    public Func<Task> End { get; set; } = static () => Task.CompletedTask;

    public Func<Task> CleanUp { get; set; } = static () => Task.CompletedTask;

    public Func<ValueTask> Dispose { get; set; } = static () => ValueTask.CompletedTask;

    /// <summary>Why nodes cannot be listed; null: they can.</summary>
    public string? Problem { get; set; }

    /// <summary>What comes of a list instead; null: the nodes, or the problem.</summary>
    public Func<Task<IReadOnlyList<ClusterNode>>>? List { get; set; }

    /// <summary>That of the first call, once there is one.</summary>
    public Task<CancellationToken> Cancellation => _cancellation.Task;

    public static ClusterNode Node(string name, NodeState state, string? detail = null, bool isSpot = false)
    {
        Assert.True(NodeId.TryParse(name, out var id));
        return new ClusterNode { Id = id, State = state, Detail = detail, Host = "host-" + id.Number, SystemName = "job " + id.Number, IsSpot = isSpot };
    }

    public async Task<NodeLooks> LookAsync(params ClusterNode[] nodes)
    {
        Nodes.Clear();
        Nodes.AddRange(nodes);
        var looks = new NodeLooks(this, static _ => { });
        await looks.LookAsync(TestContext.Current.CancellationToken);
        return looks;
    }

    public Task CheckAsync(CancellationToken cancellation) => Task.CompletedTask;

    public Task<IReadOnlyList<NodeFailure>> LaunchAsync(LaunchRequest request, CancellationToken cancellation)
    {
        _cancellation.TrySetResult(cancellation);
        Launches.Enqueue(request);
        return Launch(request);
    }

    public Task<IReadOnlyList<ClusterNode>> ListAsync(CancellationToken cancellation)
    {
        _cancellation.TrySetResult(cancellation);
        return List is not null ? List() : Problem is null ? Task.FromResult<IReadOnlyList<ClusterNode>>([.. Nodes]) : throw new ProviderException(FailureKind.Transient, Problem);
    }

    public Task TerminateAsync(IReadOnlyCollection<NodeId> nodes, CancellationToken cancellation)
    {
        _cancellation.TrySetResult(cancellation);
        Ends.Enqueue(string.Join(", ", nodes));
        return End();
    }

    public Task CleanUpAsync(CancellationToken cancellation)
    {
        _cancellation.TrySetResult(cancellation);
        return CleanUp();
    }

    public Task<IReadOnlyList<string>> ReadLogAsync(NodeId node, int lines, CancellationToken cancellation) => Task.FromResult<IReadOnlyList<string>>([]);

    public string Describe(LaunchRequest request) => "";

    public ValueTask DisposeAsync() => Dispose();
}
