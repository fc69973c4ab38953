using Weft.Protocol;
using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>
/// <c>weft down</c>: ends a cluster's head and all of its nodes, whoever launched them, looks that none is left, and removes what the cluster knew. What jobs wrote stays. It may be run again at any time.
/// </summary>
public sealed class ClusterDown(ClusterSite site, Action<string> say)
{
    /// <summary>More than nodes may take: jobs, the head and folders are to end as well.</summary>
    private static readonly TimeSpan CleanUpPatience = TimeSpan.FromMinutes(5);

    private readonly HeadLaunch _head = new(site);
    private readonly ClusterJobs _jobs = new(site);

    /// <summary>Completes when nothing of the cluster is left.</summary>
    /// <returns>How many nodes were ended, the head among them.</returns>
    /// <exception cref="LaunchException">Something is left, or it cannot be known whether; the message says what.</exception>
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        site.RequireHeadMachine();
        try
        {
            await EndJobsAsync(cancellation).ConfigureAwait(false);

            // Before the nodes: whoever launches them.
            var ended = new HashSet<NodeId>();
            if (await _head.FindAsync(cancellation).ConfigureAwait(false) is { State: not (NodeState.Ended or NodeState.Failed) } head)
            {
                say($"ending {head.Id} ({head.SystemName}).");
                await _head.EndAsync(cancellation).ConfigureAwait(false);
                ended.Add(head.Id);
            }

            await new NodesEnd(site.Configuration.ClusterName, site.Provider, TimeProvider.System, say).RunAsync(ended, cancellation).ConfigureAwait(false);
            await site.Provider.CleanUpAsync(cancellation).ConfigureAwait(false);
            await RemoveAsync(cancellation).ConfigureAwait(false);
            return ended.Count;
        }
        catch (ProviderException failure)
        {
            throw new LaunchException(ExitCodes.Failure, failure.Message);
        }
    }

    /// <summary>The same after a failure that is to be told: its own is only a line.</summary>
    internal async Task CleanUpAsync()
    {
        using var patience = new CancellationTokenSource(CleanUpPatience);
        try
        {
            await RunAsync(patience.Token).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is LaunchException or ProviderException or OperationCanceledException)
        {
            say($"not all could be taken down ('weft down' tries again): {failure.Message}");
        }
    }

    /// <summary>What there is of the cluster, a line for each job and node, and for each host that does not say what it has.</summary>
    /// <exception cref="LaunchException">It cannot be known.</exception>
    public async Task<IReadOnlyList<string>> FindAsync(CancellationToken cancellation)
    {
        site.RequireHeadMachine();
        try
        {
            var (known, silent) = await site.Provider.ListAnsweringAsync(cancellation).ConfigureAwait(false);
            var nodes = known.Where(static node => node.Id != NodeMarks.Head).ToList();
            if (await _head.FindAsync(cancellation).ConfigureAwait(false) is { } head)
            {
                nodes.Insert(0, head);
            }

            var jobs = (await LiveJobsAsync(cancellation).ConfigureAwait(false)).Select(static job => $"job {job.Id}");
            return
            [
                .. jobs,
                .. nodes.Where(static node => node.State is not (NodeState.Ended or NodeState.Failed)).Select(static node => $"{node.Id} ({node.SystemName})"),
                .. silent.Select(static host => $"it is not known what is on a host that does not answer: {host.Reason}"),
            ];
        }
        catch (ProviderException failure)
        {
            throw new LaunchException(ExitCodes.Failure, failure.Message);
        }
    }

    /// <summary>Programs on the head end before what they use does.</summary>
    private async Task EndJobsAsync(CancellationToken cancellation)
    {
        foreach (var job in await LiveJobsAsync(cancellation).ConfigureAwait(false))
        {
            say($"ending job {job.Id}.");
        }

        await _jobs.StopAllAsync(cancellation).ConfigureAwait(false);
    }

    private async Task<IEnumerable<JobView>> LiveJobsAsync(CancellationToken cancellation) =>
        (await _jobs.ListAsync(cancellation).ConfigureAwait(false)).Where(static job => !job.IsOver || job.Processes > 0);

    /// <summary>A journal that somebody chose a place for is left: it may be wanted.</summary>
    private async Task RemoveAsync(CancellationToken cancellation)
    {
        var folder = await site.FolderAsync(cancellation).ConfigureAwait(false);
        var file = await site.SchedulerFileAsync(cancellation).ConfigureAwait(false);
        var removed = await site.Head.RunAsync(
            $"{JournalRemoval.Script(file)}rm -f {ShellText.Quote(file)} || exit 1\n{FolderRemoval.Script(folder.Path)}",
            null,
            cancellation).ConfigureAwait(false);
        if (!removed.IsOk)
        {
            throw new LaunchException(ExitCodes.Failure, $"{folder.Path} on {site.Head.Name} could not be removed: {removed.Complaint}");
        }
    }
}
