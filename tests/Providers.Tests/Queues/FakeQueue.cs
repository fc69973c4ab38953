using Weft.Launcher;
using Weft.Provisioning;

namespace Weft.Providers.Tests.Queues;

/// <summary>A queue as a list: what is submitted waits until the test says otherwise.</summary>
internal sealed class FakeQueue : IQueue
{
    public List<QueueTask> Tasks { get; } = [];

    /// <summary>First and last number of each submission that arrived.</summary>
    public List<string> Submitted { get; } = [];

    /// <summary>Thrown in place of taking a submission, by its first number.</summary>
    public Dictionary<int, ProviderException> Refusals { get; } = [];

    /// <summary>Thrown after a submission was taken.</summary>
    public ProviderException? LostAnswer { get; set; }

    public ProviderException? Complaint { get; set; }

    /// <summary>It complains, and does nothing.</summary>
    public bool DeletesNothing { get; set; }

    public int PartCountMax { get; set; } = int.MaxValue;

    public void Add(int number, NodeState state, long job = 1, bool isStuck = false, string? detail = null) => Tasks.Add(new QueueTask
    {
        Node = new NodeId("cpu", number),
        Job = job,
        Index = number,
        State = state,
        IsStuck = isStuck,
        Detail = detail,
        SystemName = $"{job}.{number}",
    });

    public Task CheckAsync(CancellationToken cancellation) => Task.CompletedTask;

    public async Task<IReadOnlyList<QueueTask>> ListAsync(CancellationToken cancellation)
    {
        // What was there when it was asked: until the answer is read other calls get in between.
        var there = Tasks.ToList();
        await Task.Yield();
        return there;
    }

    public Task<IReadOnlyList<LaunchRequest>> SplitAsync(LaunchRequest request, CancellationToken cancellation) => Task.FromResult<IReadOnlyList<LaunchRequest>>(
        request.Nodes.Chunk(PartCountMax).Select(part => request with { First = part[0].Number, Count = part.Length }).ToList());

    public Task SubmitAsync(LaunchRequest part, CancellationToken cancellation)
    {
        if (Refusals.TryGetValue(part.First, out var refusal))
        {
            throw refusal;
        }

        Submitted.Add(new NumberRun(part.First, part.First + part.Count - 1).ToString());
        foreach (var node in part.Nodes)
        {
            Add(node.Number, NodeState.Waiting, 10 + Submitted.Count);
        }

        return LostAnswer is null ? Task.CompletedTask : throw LostAnswer;
    }

    public Task<ProviderException?> DeleteAsync(IReadOnlyList<QueueTask> tasks, CancellationToken cancellation)
    {
        if (!DeletesNothing)
        {
            Tasks.RemoveAll(tasks.Contains);
        }

        return Task.FromResult(Complaint);
    }

    public string LogFile(NodeId node) => throw new NotSupportedException();

    public string Describe(LaunchRequest request) => throw new NotSupportedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
