using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>Nodes on hosts by SSH. Which node is where is asked of the hosts: nobody remembers it for them.</summary>
internal sealed partial class SshProvider : IHostsProvider
{
    /// <summary>
    /// How long a host that does not answer makes the whole list unknown. One dead host among fifty must not stop scaling for ever: afterwards the nodes that it had are told as failed, so that
    /// others take their place. Should it come back with them, they are listed as running again, and are surplus.
    /// </summary>
    private static readonly TimeSpan SilenceMax = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(30);

    /// <summary>Between SIGTERM and SIGKILL.</summary>
    private static readonly TimeSpan EndGrace = TimeSpan.FromSeconds(8);

    private readonly ClusterSettings _settings;
    private readonly SshPlaces _places;
    private readonly TimeProvider _time;
    private readonly SshHosts _hosts;
    private readonly SshHost _head;
    private readonly IReadOnlyList<SshHost> _workers;
    private readonly HostMemory _memory = new(SilenceMax);

    public SshProvider(ClusterSettings settings, SshPlaces places, TimeProvider time)
    {
        _settings = settings;
        _places = places;
        _time = time;
        _hosts = new SshHosts(places.Login, [places.Head, .. places.Workers], time);
        _head = _hosts.All[0];
        _workers = [.. places.Workers.Select(target => _hosts.All.First(host => host.Target == target))];
        if (places.Login.HostKeyChecking == SshSettings.NeverCheck)
        {
            settings.Log($"{SshKeys.HostKeyChecking} is 'no': whoever answers at a host's address is believed to be it.");
        }
    }

    private string Cluster => _settings.ClusterName;

    private string Folder => _settings.Folder;

    public async Task CheckAsync(CancellationToken cancellation)
    {
        await RequireProgramAsync("ssh", "-V", cancellation).ConfigureAwait(false);
        await RequireProgramAsync("rsync", "--version", cancellation).ConfigureAwait(false);
        if (_places.Login.PrivateKey is { } key && !File.Exists(HomePath.Expand(key)))
        {
            throw new ProviderException(FailureKind.Permanent, $"the private key '{key}' does not exist");
        }

        var answers = await SshHosts.AskAsync(_hosts.All, CheckHostAsync, cancellation).ConfigureAwait(false);
        var failures = answers.Where(static answer => !answer.IsThere).Select(static answer => answer.Failure!).ToList();
        if (failures.Count > 0)
        {
            var kind = failures.Any(static failure => failure.Kind == FailureKind.Permanent) ? FailureKind.Permanent : FailureKind.Transient;
            throw new ProviderException(kind, $"{failures.Count} of {_hosts.All.Count} hosts cannot be used: {string.Join(" | ", failures.Select(static failure => failure.Message))}");
        }
    }

    public async Task<IReadOnlyList<ClusterNode>> ListAsync(CancellationToken cancellation)
    {
        var answers = await SurveyAsync(_hosts.All, cancellation).ConfigureAwait(false);
        var nodes = new List<ClusterNode>();
        var silent = new List<ProviderException>();
        foreach (var answer in answers)
        {
            if (answer.IsThere)
            {
                nodes.AddRange(On(answer.Host, answer.Value));
            }
            else if (_memory.OnSilence(answer.Host.Target, answer.Failure.Message, _time.GetUtcNow()) is { } before)
            {
                nodes.AddRange(before);
            }
            else
            {
                silent.Add(answer.Failure);
            }
        }

        return silent.Count == 0 ? OnePerNode(nodes)
            : throw new ProviderException(FailureKind.Transient, $"{silent.Count} of {answers.Count} hosts do not answer: {string.Join(" | ", silent.Select(static failure => failure.Message))}");
    }

    public async Task<AnsweringNodes> ListAnsweringAsync(CancellationToken cancellation)
    {
        var answers = await SurveyAsync(_hosts.All, cancellation).ConfigureAwait(false);
        return new AnsweringNodes(
            OnePerNode(answers.Where(static answer => answer.IsThere).SelectMany(static answer => On(answer.Host, answer.Value!))),
            [.. answers.Where(static answer => !answer.IsThere).Select(static answer => new SilentHost(answer.Host.ToString(), answer.Failure!.Message))]);
    }

    public async Task TerminateAsync(IReadOnlyCollection<NodeId> nodes, CancellationToken cancellation)
    {
        if (nodes.Count == 0)
        {
            return;
        }

        var answers = await SshHosts.AskAsync(_hosts.All, (host, ending) => EndOnHostAsync(host, nodes, ending), cancellation).ConfigureAwait(false);
        var left = answers.Where(static answer => answer.IsThere && answer.Value.Left.Count > 0).ToList();
        if (left.Count > 0)
        {
            throw new ProviderException(FailureKind.Transient, $"processes could not be ended: {string.Join(", ", left.Select(static answer => $"{string.Join(' ', answer.Value!.Left)} on {answer.Host}"))}");
        }

        // A node that no host knows may be on one that does not answer: what is unknown is not gone.
        var unknown = nodes.Except(answers.Where(static answer => answer.IsThere).SelectMany(static answer => answer.Value!.Found)).ToList();
        var silent = answers.Where(static answer => !answer.IsThere).Select(static answer => answer.Failure!.Message).ToList();
        if (unknown.Count > 0 && silent.Count > 0)
        {
            throw new ProviderException(FailureKind.Transient, $"{string.Join(", ", unknown)} may still run on a host that does not answer: {string.Join(" | ", silent)}");
        }
    }

    public async Task<IReadOnlyList<string>> ReadLogAsync(NodeId node, int lines, CancellationToken cancellation)
    {
        var answers = await SshHosts.AskAsync(_hosts.All, async (host, ending) =>
        {
            var result = await host.RunAsync(NodeScripts.ReadLog(Cluster, Folder, node, lines), input: null, AnswerTime, ending).ConfigureAwait(false);
            return HostReport.ReadLog(result.Output);
        }, cancellation).ConfigureAwait(false);
        var newest = answers.Where(static answer => answer.IsThere).Select(static answer => answer.Value!).Append(HostLog.None).MaxBy(static log => log.WrittenSeconds)!;
        var silent = answers.FirstOrDefault(static answer => !answer.IsThere);
        return newest != HostLog.None || silent.Failure is null ? newest.Lines : throw new ProviderException(silent.Failure.Kind, silent.Failure.Message, silent.Failure);
    }

    public async Task CleanUpAsync(CancellationToken cancellation)
    {
        var elsewhere = _hosts.All.Where(host => host != _head).ToList();
        if (elsewhere.Count == 0)
        {
            return;
        }

        // Another host may have the head's home, or be the head's by another name.
        var found = await _head.RunAsync(NodeScripts.FindHead(Cluster, Folder), input: null, AnswerTime, cancellation).ConfigureAwait(false);
        if (!HostReport.TryReadHead(found.Output, out var head))
        {
            throw SshFailure.Of(_head.Target, found.Complaint);
        }

        var answers = await SshHosts.AskAsync(elsewhere, async (host, ending) =>
        {
            var result = await host.RunAsync(NodeScripts.CleanUp(Folder, head.Host, head.Process), input: null, AnswerTime, ending).ConfigureAwait(false);
            return result.IsOk ? "" : throw new ProviderException(FailureKind.Transient, $"{host}: {SshFailure.Words(result.Complaint)}");
        }, cancellation).ConfigureAwait(false);
        var failures = answers.Where(static answer => !answer.IsThere).Select(static answer => answer.Failure!.Message).ToList();
        if (failures.Count > 0)
        {
            throw new ProviderException(FailureKind.Transient, $"{Folder} could not be removed everywhere: {string.Join(" | ", failures)}");
        }
    }

    public string Describe(LaunchRequest request) => SshDescription.Of(request, _settings, request.Type == NodeMarks.HeadType ? [_head] : _workers);

    public ValueTask DisposeAsync() => _hosts.DisposeAsync();

    /// <summary>Asks hosts for their nodes, and remembers the answers.</summary>
    private async Task<IReadOnlyList<HostAnswer<IReadOnlyList<HostNode>>>> SurveyAsync(IReadOnlyList<SshHost> hosts, CancellationToken cancellation)
    {
        var answers = await SshHosts.AskAsync(hosts, async (host, ending) =>
        {
            var result = await host.RunAsync(NodeScripts.List(Cluster, Folder), input: null, AnswerTime, ending).ConfigureAwait(false);
            return HostReport.TryReadNodes(result.Output, out var nodes) ? nodes : throw SshFailure.Of(host.Target, result.Complaint);
        }, cancellation).ConfigureAwait(false);
        foreach (var answer in answers.Where(static answer => answer.IsThere))
        {
            _memory.OnAnswer(answer.Host.Target, answer.Value!);
        }

        return answers;
    }

    private static IEnumerable<ClusterNode> On(SshHost host, IReadOnlyList<HostNode> nodes) => nodes.Select(node => node.On(host.Target));

    /// <summary>A node may have ended on one host and live on another.</summary>
    private static IReadOnlyList<ClusterNode> OnePerNode(IEnumerable<ClusterNode> nodes) =>
        [.. nodes.GroupBy(static node => node.Id).Select(static same => same.MinBy(static node => node.State)!).OrderBy(static node => node.Id)];

    private async Task<HostEnd> EndOnHostAsync(SshHost host, IReadOnlyCollection<NodeId> nodes, CancellationToken cancellation)
    {
        var result = await host.RunAsync(NodeScripts.Terminate(Cluster, Folder, nodes, EndGrace), input: null, EndGrace + AnswerTime, cancellation).ConfigureAwait(false);
        return HostReport.TryReadEnd(result.Output, out var end) ? end : throw SshFailure.Of(host.Target, result.Complaint);
    }

    private static async Task<string> CheckHostAsync(SshHost host, CancellationToken cancellation)
    {
        var result = await host.RunAsync(NodeScripts.Check, input: null, AnswerTime, cancellation).ConfigureAwait(false);
        return result.IsOk ? "" : throw new ProviderException(FailureKind.Permanent, $"{host}: {SshFailure.Words(result.Complaint)}");
    }

    private static async Task RequireProgramAsync(string program, string argument, CancellationToken cancellation) =>
        await ExternalCommand.RunAsync(program, [argument], input: null, AnswerTime, cancellation).ConfigureAwait(false);
}
