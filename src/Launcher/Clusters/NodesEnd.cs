using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>Ends all nodes of a cluster, and looks that none is left. Nobody launches more by now. A host that is silent holds up only what is on it.</summary>
/// <param name="cluster">Its name, for people.</param>
/// <param name="provider">Whose nodes they are.</param>
/// <param name="time">Measures the patience.</param>
/// <param name="say">Takes lines for people.</param>
internal sealed class NodesEnd(string cluster, IClusterProvider provider, TimeProvider time, Action<string> say)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);

    /// <summary>Between looks when only silent hosts are waited for: those that answer are asked each time, too.</summary>
    private static readonly TimeSpan SilencePoll = TimeSpan.FromSeconds(1);

    /// <summary>Somebody waits at a terminal, and it can be done again. Long enough for a second try of a host that could not be reached, see <see cref="SshSettings.RetryPause"/>.</summary>
    private static readonly TimeSpan SilencePatience = TimeSpan.FromSeconds(30);

    /// <summary>A queue may give its jobs a minute or two to leave.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private readonly HashSet<NodeId> _asked = [];
    private readonly HashSet<string> _told = [];

    /// <summary>Why the last look was none; null: it was one.</summary>
    private ProviderException? _problem;

    /// <summary>Since when some host does not answer; null: all do.</summary>
    private long? _silentSince;

    /// <summary>Completes when two looks in a row have found nothing: a request that was under way may show only in the second.</summary>
    /// <param name="ended">Gets the nodes that were ended.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="LaunchException">Something is left, or it cannot be known whether; the message says what.</exception>
    /// <exception cref="ProviderException">The system refused, and would again.</exception>
    public async Task RunAsync(HashSet<NodeId> ended, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        var looksWithout = 0;
        while (true)
        {
            var (left, silent) = await LookAsync(ended, cancellation).ConfigureAwait(false);
            looksWithout = left.Count == 0 && _problem is null ? looksWithout + 1 : 0;
            if (looksWithout >= 2 && silent.Count == 0)
            {
                return;
            }

            ThrowIfSilent(silent, looksWithout >= 2);
            if (time.GetElapsedTime(began) > Patience)
            {
                throw Failed($"after {Patience.TotalMinutes:0} minutes {(_problem is null ? $"there are still {string.Join(", ", left.Select(static node => $"{node.Id} ({node.SystemName})"))}." : $"it is not known what is left of cluster {cluster}: {_problem.Message}")}");
            }

            await Task.Delay(looksWithout < 2 ? Poll : SilencePoll, time, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Ends what was not ended before. What fails for a moment is tried again by the next look.</summary>
    private async Task<AnsweringNodes> LookAsync(HashSet<NodeId> ended, CancellationToken cancellation)
    {
        IReadOnlyList<NodeId> fresh = [];
        try
        {
            var (nodes, silent) = await provider.ListAnsweringAsync(cancellation).ConfigureAwait(false);
            var left = nodes.Where(static node => node.State is not (NodeState.Ended or NodeState.Failed)).ToArray();
            Tell(left, silent, ended);
            fresh = [.. left.Where(static node => node.State != NodeState.Ending).Select(static node => node.Id).Where(_asked.Add)];
            if (fresh.Count > 0)
            {
                await provider.TerminateAsync(fresh, cancellation).ConfigureAwait(false);
            }

            _problem = null;
            return new AnsweringNodes(left, silent);
        }
        catch (ProviderException failure) when (failure.Kind == FailureKind.Transient)
        {
            _problem = failure;
            _asked.ExceptWith(fresh);
            if (_told.Add(failure.Message))
            {
                say($"trying again: {failure.Message}");
            }

            return new AnsweringNodes([], []);
        }
    }

    private void Tell(IReadOnlyList<ClusterNode> left, IReadOnlyList<SilentHost> silent, HashSet<NodeId> ended)
    {
        foreach (var node in left.Where(node => ended.Add(node.Id)))
        {
            say($"ending {node.Id} ({node.SystemName}).");
        }

        foreach (var host in silent.Where(host => _told.Add(host.Name)))
        {
            say($"waiting up to {SilencePatience.TotalSeconds:0} s for a host that does not answer: {host.Reason}");
        }
    }

    private void ThrowIfSilent(IReadOnlyList<SilentHost> silent, bool isAllElseGone)
    {
        if (silent.Count > 0)
        {
            _silentSince ??= time.GetTimestamp();
        }
        else if (_problem is null)
        {
            _silentSince = null;
        }

        if (isAllElseGone && _silentSince is { } since && time.GetElapsedTime(since) > SilencePatience)
        {
            throw Failed($"nodes of cluster {cluster} may still run on hosts that do not answer: {string.Join(" | ", silent.Select(static host => host.Reason))}. All else has ended, and 'weft down' ends them when they answer; a host that is gone for good is taken out of the file first.");
        }
    }

    private static LaunchException Failed(string message) => new(ExitCodes.Failure, message);
}
