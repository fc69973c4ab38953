using Weft.Launcher.Tests.Autoscaling;
using Weft.Provisioning;

namespace Weft.Launcher.Tests;

/// <summary>Hosts that are asked again and again, and what they answer each time.</summary>
internal sealed class FakeHosts : IHostsProvider
{
    /// <summary>Null: they cannot be asked.</summary>
    public Queue<AnsweringNodes?> Looks { get; } = [];

    /// <summary>What they answer when <see cref="Looks"/> is empty.</summary>
    public AnsweringNodes? Then { get; set; }

    public List<string> Ends { get; } = [];

    public Func<Task> End { get; set; } = static () => Task.CompletedTask;

    public LeapingTime Time { get; } = new();

    public Task<AnsweringNodes> ListAnsweringAsync(CancellationToken cancellation) =>
        Task.FromResult((Looks.TryDequeue(out var look) ? look : Then) ?? throw new ProviderException(FailureKind.Transient, "the queue is away"));

    public Task TerminateAsync(IReadOnlyCollection<NodeId> nodes, CancellationToken cancellation)
    {
        Ends.Add(string.Join(", ", nodes));
        return End();
    }

    public Task<IReadOnlyList<ClusterNode>> ListAsync(CancellationToken cancellation) => throw new NotSupportedException();

    public Task CheckAsync(CancellationToken cancellation) => Task.CompletedTask;

    public Task<IReadOnlyList<NodeFailure>> LaunchAsync(LaunchRequest request, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<IReadOnlyList<string>> ReadLogAsync(NodeId node, int lines, CancellationToken cancellation) => throw new NotSupportedException();

    public string Describe(LaunchRequest request) => "";

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
