using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>
/// Nodes from a batch system: array jobs whose tasks are nodes. What there is, is asked of the system each time. Thread safe.
/// </summary>
/// <remarks>
/// An answer to a submission may be lost after the system has taken it. So a launch looks first which of its nodes are there, submits the others only, and looks once more when a submission got no
/// answer. Should a node be there twice nevertheless, one of the two is listed, and ending the node ends both.
/// </remarks>
internal sealed class QueueProvider(IQueue queue) : IClusterProvider
{
    /// <summary>Held by the launch that looks and submits: of two at a time each would see that the other's nodes are missing.</summary>
    private readonly SemaphoreSlim _launching = new(1);

    public Task CheckAsync(CancellationToken cancellation) => queue.CheckAsync(cancellation);

    public async Task<IReadOnlyList<NodeFailure>> LaunchAsync(LaunchRequest request, CancellationToken cancellation)
    {
        await _launching.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return await LaunchMissingAsync(request, cancellation).ConfigureAwait(false);
        }
        finally
        {
            _launching.Release();
        }
    }

    public async Task<IReadOnlyList<ClusterNode>> ListAsync(CancellationToken cancellation) =>
        OnePerNode(await queue.ListAsync(cancellation).ConfigureAwait(false)).Select(static task => task.ToNode()).OrderBy(static node => node.Id).ToList();

    public Task TerminateAsync(IReadOnlyCollection<NodeId> nodes, CancellationToken cancellation)
    {
        var wanted = nodes.ToHashSet();
        return DeleteAsync(task => wanted.Contains(task.Node), cancellation);
    }

    /// <summary>Tasks that failed before they began stay in the queue, for people to see why. They are no nodes any more, so nobody has ended them.</summary>
    public async Task CleanUpAsync(CancellationToken cancellation)
    {
        await DeleteAsync(static task => task.IsStuck, cancellation).ConfigureAwait(false);
        queue.CleanUp();
    }

    public Task<IReadOnlyList<string>> ReadLogAsync(NodeId node, int lines, CancellationToken cancellation) =>
        Task.Run(() => QueueLogs.Read(queue.LogFile(node), lines), cancellation);

    public string Describe(LaunchRequest request) => queue.Describe(request);

    public ValueTask DisposeAsync()
    {
        _launching.Dispose();
        return queue.DisposeAsync();
    }

    private async Task<IReadOnlyList<NodeFailure>> LaunchMissingAsync(LaunchRequest request, CancellationToken cancellation)
    {
        var there = await QueuedAsync(cancellation).ConfigureAwait(false);
        var failures = request.Nodes.Where(there.ContainsKey).Select(node => Hindrance(there[node])).OfType<NodeFailure>().ToList();
        var missing = NumberRun.Of(request.Nodes.Where(node => !there.ContainsKey(node)).Select(static node => node.Number));
        var refusals = new List<ProviderException>();
        foreach (var run in missing)
        {
            foreach (var part in await queue.SplitAsync(request with { First = run.First, Count = run.Count }, cancellation).ConfigureAwait(false))
            {
                if (await TrySubmitAsync(part, cancellation).ConfigureAwait(false) is { } refusal)
                {
                    refusals.Add(refusal);
                    failures.AddRange(part.Nodes.Select(node => new NodeFailure(node, refusal.Kind, refusal.Message)));
                }
            }
        }

        // The whole of it is refused only if nothing came of it, now or before.
        return refusals.Count > 0 && failures.Count == request.Count ? throw refusals[0] : failures;
    }

    /// <returns>Why a node that is there already will be of no use; null: it is on its way.</returns>
    private static NodeFailure? Hindrance(QueueTask task) => task switch
    {
        { IsStuck: true } => new NodeFailure(task.Node, FailureKind.Permanent, task.Detail ?? $"job {task.SystemName} failed"),
        { State: NodeState.Ending } => new NodeFailure(task.Node, FailureKind.Transient, $"job {task.SystemName} has not yet ended"),
        _ => null,
    };

    /// <returns>Why not; null: the system has taken it.</returns>
    private async Task<ProviderException?> TrySubmitAsync(LaunchRequest part, CancellationToken cancellation)
    {
        try
        {
            await queue.SubmitAsync(part, cancellation).ConfigureAwait(false);
            return null;
        }
        catch (ProviderException refusal) when (refusal.Kind != FailureKind.Transient)
        {
            return refusal;
        }
        catch (ProviderException silence)
        {
            return await IsThereAsync(part, cancellation).ConfigureAwait(false) ? null : silence;
        }
    }

    private async Task<bool> IsThereAsync(LaunchRequest part, CancellationToken cancellation)
    {
        try
        {
            var there = await QueuedAsync(cancellation).ConfigureAwait(false);
            return part.Nodes.All(there.ContainsKey);
        }
        catch (ProviderException)
        {
            // Not known: the failure of the submission is what is told. The next launch looks again.
            return false;
        }
    }

    private async Task<Dictionary<NodeId, QueueTask>> QueuedAsync(CancellationToken cancellation)
    {
        var tasks = await queue.ListAsync(cancellation).ConfigureAwait(false);
        return OnePerNode(tasks.Where(static task => task.IsQueued)).ToDictionary(static task => task.Node);
    }

    private async Task DeleteAsync(Func<QueueTask, bool> isMeant, CancellationToken cancellation)
    {
        var tasks = await UnendedAsync(isMeant, cancellation).ConfigureAwait(false);
        if (tasks.Count == 0 || await queue.DeleteAsync(tasks, cancellation).ConfigureAwait(false) is not { } complaint)
        {
            return;
        }

        // It complains of those, too, that have ended a moment ago: what counts is whether any is left.
        var left = await UnendedAsync(isMeant, cancellation).ConfigureAwait(false);
        if (left.Count > 0)
        {
            throw complaint;
        }
    }

    private async Task<List<QueueTask>> UnendedAsync(Func<QueueTask, bool> isMeant, CancellationToken cancellation)
    {
        var tasks = await queue.ListAsync(cancellation).ConfigureAwait(false);
        return tasks.Where(task => task.IsQueued && task.State != NodeState.Ending && isMeant(task)).ToList();
    }

    /// <summary>Of several tasks of a node the one that says most: that which runs, which waits, and of the ended ones the latest.</summary>
    private static IEnumerable<QueueTask> OnePerNode(IEnumerable<QueueTask> tasks) =>
        tasks.GroupBy(static task => task.Node).Select(static same => same.OrderBy(Rank).ThenByDescending(static task => task.Job).First());

    private static int Rank(QueueTask task) => task.State switch
    {
        NodeState.Running => 0,
        NodeState.Waiting => 1,
        NodeState.Ending => 2,
        NodeState.Failed or NodeState.Ended => task.IsStuck ? 3 : 4,
    };
}
