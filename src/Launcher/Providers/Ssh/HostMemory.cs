using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>
/// What hosts said last, and since when they say nothing. It is not what counts: it only tells how long a silence may stop the whole cluster, and what was there when a host fell silent. Thread safe.
/// </summary>
/// <param name="patience">A host that has been silent for longer is given up, with its nodes, until it speaks again.</param>
internal sealed class HostMemory(TimeSpan patience)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<SshTarget, IReadOnlyList<HostNode>> _nodes = [];
    private readonly Dictionary<SshTarget, DateTimeOffset> _silentSince = [];

    public void OnAnswer(SshTarget host, IReadOnlyList<HostNode> nodes)
    {
        lock (_gate)
        {
            _nodes[host] = nodes;
            _silentSince.Remove(host);
        }
    }

    /// <returns>Null: the host may come back, and until then nobody knows what is on it. Otherwise its nodes of before, as failed.</returns>
    public IReadOnlyList<ClusterNode>? OnSilence(SshTarget host, string reason, DateTimeOffset now)
    {
        lock (_gate)
        {
            if (!_silentSince.TryGetValue(host, out var since))
            {
                _silentSince[host] = since = now;
            }

            if (now - since < patience)
            {
                return null;
            }

            return [.. AliveOn(host).Select(node => node.On(host) with { State = NodeState.Failed, Detail = $"host unreachable since {since.UtcDateTime:HH:mm:ss} UTC: {reason}" })];
        }
    }

    /// <summary>The nodes that ran there when the host spoke last.</summary>
    public IReadOnlyList<HostNode> LastAliveOn(SshTarget host)
    {
        lock (_gate)
        {
            return AliveOn(host);
        }
    }

    private IReadOnlyList<HostNode> AliveOn(SshTarget host) => _nodes.TryGetValue(host, out var nodes) ? [.. nodes.Where(static node => node.IsAlive)] : [];
}
