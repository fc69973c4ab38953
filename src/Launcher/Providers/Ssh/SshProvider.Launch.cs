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
            // Nodes on one host begin one after the other: the second finds the files brought.
            var hosts = chosen.Select(static place => place.Host).Distinct().ToList();
            var answers = await SshHosts.AskAsync(hosts, async (host, ending) =>
            {
                foreach (var file in request.Files)
                {
                    await RsyncCopy.ToHostAsync(host, file, ending).ConfigureAwait(false);
                }

                return host;
            }, cancellation).ConfigureAwait(false);
            var launched = await Task.WhenAll(answers.Select(answer => StartOnHostAsync(answer, [.. chosen.Where(place => place.Host == answer.Host).Select(static place => place.Node)], request.Script, cancellation)))
                .ConfigureAwait(false);
            return [.. failures, .. launched.SelectMany(static host => host)];
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

    private async Task<IReadOnlyList<NodeFailure>> StartOnHostAsync(HostAnswer<SshHost> answer, IReadOnlyList<NodeId> nodes, string script, CancellationToken cancellation)
    {
        var failures = new List<NodeFailure>();
        foreach (var node in nodes)
        {
            try
            {
                if (!answer.IsThere)
                {
                    throw answer.Failure;
                }

                await StartAsync(answer.Host, node, script, cancellation).ConfigureAwait(false);
            }
            catch (ProviderException failure)
            {
                failures.Add(new NodeFailure(node, failure.Kind, failure.Message));
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
}
