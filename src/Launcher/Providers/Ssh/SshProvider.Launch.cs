using Weft.Provisioning;

namespace Weft.Launcher;

internal sealed partial class SshProvider
{
    /// <summary>Lets one launch at a time choose its hosts.</summary>
    private readonly SemaphoreSlim _choosing = new(1);

    /// <summary>Places that were chosen, until their nodes can be seen by asking; guarded by itself.</summary>
    private readonly List<PlacedNode> _chosen = [];

    public async Task<IReadOnlyList<NodeFailure>> LaunchAsync(LaunchRequest request, CancellationToken cancellation)
    {
        if (request.Type.Length == 0 || !request.Type.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.'))
        {
            throw new ProviderException(FailureKind.Permanent, $"the node type '{request.Type}' names processes and files: it has letters, digits, '-', '_' and '.'");
        }

        var (chosen, failures) = await ChooseAsync(request, cancellation).ConfigureAwait(false);
        try
        {
            // Host by host: one with a slow disk or line keeps nobody else waiting for its files.
            var nodesOf = chosen.ToLookup(static place => place.Host, static place => place.Node);
            var answers = await SshHosts.AskAsync([.. nodesOf.Select(static host => host.Key)], (host, ending) => BringAndStartAsync(host, nodesOf[host], request, ending), cancellation)
                .ConfigureAwait(false);
            return [.. failures, .. answers.SelectMany(answer => answer.IsThere ? answer.Value : nodesOf[answer.Host].Select(node => FailureOf(node, answer.Failure)))];
        }
        finally
        {
            lock (_chosen)
            {
                _chosen.RemoveAll(chosen.Contains);
            }
        }
    }

    private async Task<LaunchPlan> ChooseAsync(LaunchRequest request, CancellationToken cancellation)
    {
        var isHead = request.Type == NodeMarks.HeadType;
        var hosts = isHead ? [_head] : _workers;
        await _choosing.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            // Before the survey: what is no longer among them when the survey ends was there to be seen.
            List<PlacedNode> onTheirWay;
            lock (_chosen)
            {
                onTheirWay = [.. _chosen];
            }

            var answers = await SurveyAsync(hosts, cancellation).ConfigureAwait(false);
            var plan = LaunchPlan.Make([.. request.Nodes], answers, onTheirWay, _memory, isHead ? 1 : _places.NodesPerHost);
            lock (_chosen)
            {
                _chosen.AddRange(plan.Chosen);
            }

            return plan;
        }
        finally
        {
            _choosing.Release();
        }
    }

    /// <summary>Brings the files, and starts one node after the other.</summary>
    /// <returns>Nodes that could not be started.</returns>
    /// <exception cref="ProviderException">The files could not be brought: that concerns all nodes of the host.</exception>
    private async Task<IReadOnlyList<NodeFailure>> BringAndStartAsync(SshHost host, IEnumerable<NodeId> nodes, LaunchRequest request, CancellationToken cancellation)
    {
        foreach (var file in request.Files)
        {
            await RsyncCopy.ToHostAsync(host, file, cancellation).ConfigureAwait(false);
        }

        var failures = new List<NodeFailure>();
        foreach (var node in nodes)
        {
            try
            {
                await StartAsync(host, node, request.Script, cancellation).ConfigureAwait(false);
            }
            catch (ProviderException failure)
            {
                failures.Add(FailureOf(node, failure));
            }
        }

        return failures;
    }

    private async Task StartAsync(SshHost host, NodeId node, string script, CancellationToken cancellation)
    {
        var result = await host.RunAsync(NodeScripts.Launch(Cluster, Folder, node), script.EndsWith('\n') ? script : script + "\n", AnswerTime, cancellation).ConfigureAwait(false);
        if (!result.IsOk)
        {
            throw SshFailure.Of(host.Target, result.Error.Length > 0 ? result.Error : result.Complaint);
        }
    }

    private static NodeFailure FailureOf(NodeId node, ProviderException failure) => new(node, failure.Kind, failure.Message);
}
