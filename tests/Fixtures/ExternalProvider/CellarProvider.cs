using Weft.Provisioning;

namespace ExternalProvider;

internal sealed class CellarProvider(ClusterSettings settings) : IClusterProvider
{
    public Task CheckAsync(CancellationToken cancellation) => Task.CompletedTask;

    public Task<IReadOnlyList<NodeFailure>> LaunchAsync(LaunchRequest request, CancellationToken cancellation) => Task.FromResult<IReadOnlyList<NodeFailure>>([]);

    /// <summary>A head is on the top shelf, and whoever wants to know of the locked one has to wait.</summary>
    public Task<IReadOnlyList<ClusterNode>> ListAsync(CancellationToken cancellation) => settings.Provider.Text("shelf") switch
    {
        "locked" => throw new ProviderException(FailureKind.Transient, "somebody is looking for the key"),
        "top" => Task.FromResult<IReadOnlyList<ClusterNode>>([new ClusterNode { Id = new NodeId("head", 1), State = NodeState.Running, SystemName = "box 1" }]),
        _ => Task.FromResult<IReadOnlyList<ClusterNode>>([]),
    };

    public Task TerminateAsync(IReadOnlyCollection<NodeId> nodes, CancellationToken cancellation) => Task.CompletedTask;

    public Task<IReadOnlyList<string>> ReadLogAsync(NodeId node, int lines, CancellationToken cancellation) => Task.FromResult<IReadOnlyList<string>>([]);

    public string Describe(LaunchRequest request) => $"{request.Count} from the {settings.Provider.Text("shelf")} shelf";

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
