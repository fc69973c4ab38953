using Weft.Provisioning;
using V1 = Weft.Protocol.V1;

namespace Weft.Launcher;

/// <summary>Tells how nodes come, a line for each change, and when there are enough.</summary>
/// <param name="configuration">Names the node types.</param>
/// <param name="before">The autoscaler of a cluster that ran already; null: it was just started.</param>
/// <param name="waitForAll">Nodes in a queue are waited for.</param>
/// <param name="time">Measures how long the next autoscaler may take.</param>
/// <param name="say">Takes lines for people.</param>
internal sealed class NodeProgress(ClusterConfiguration configuration, AutoscalerBefore? before, bool waitForAll, TimeProvider time, Action<string> say)
{
    /// <summary>An autoscaler sees another file within a second, and the next one starts within two.</summary>
    internal static readonly TimeSpan FollowPatience = TimeSpan.FromMinutes(1);

    private const string Waiting = "waiting";
    private const string Running = "running";

    private readonly long _began = time.GetTimestamp();
    private readonly Dictionary<string, string> _told = [];
    private readonly HashSet<string> _problems = [];

    /// <returns>Whether as many nodes as the minimum are ready or wait in a queue.</returns>
    /// <exception cref="LaunchException">A launch has failed for good, or nothing follows a file that was replaced.</exception>
    public bool Look(V1.ClusterInfo info)
    {
        if (before is { IsReplaced: true } && (info.Nodes is null || info.Nodes.AutoscalerId == before.Id))
        {
            ThrowIfNotFollowed(info.Nodes);
            return false;
        }

        if (info.Nodes is not { } report)
        {
            return false;
        }

        ThrowOnFailure(report);
        var listed = report.Nodes.Select(static node => NodeId.TryParse(node.Name, out var id) ? id : default).ToHashSet();
        var ready = info.Workers.Select(worker => Observations.NodeOf(configuration, listed, worker.Name)?.ToString()).ToHashSet();
        foreach (var node in report.Nodes)
        {
            Tell(node, ready.Contains(node.Name));
        }

        foreach (var problem in report.Problems.Where(_problems.Add))
        {
            say(problem);
        }

        return report.NodeTypes.Count > 0 && report.NodeTypes.All(type => IsEnough(type, report, ready));
    }

    private void ThrowIfNotFollowed(V1.NodesReport? report)
    {
        if (time.GetElapsedTime(_began) > FollowPatience)
        {
            var why = report is { Problems.Count: > 0 } ? string.Join(" | ", report.Problems) : "what its head has written says why ('weft logs CLUSTER.yaml head-1').";
            throw new LaunchException(ExitCodes.Failure, $"the cluster has not followed its new file for a minute: {why}");
        }
    }

    /// <summary>The failures of a cluster that ran before are not this start's.</summary>
    private void ThrowOnFailure(V1.NodesReport report)
    {
        var known = report.AutoscalerId == before?.Id ? before.Failed : 0;
        var failures = report.Failures.TakeLast((int)Math.Min((ulong)report.Failures.Count, report.Failed - Math.Min(known, report.Failed))).ToArray();
        if (failures.FirstOrDefault(static failure => failure.Permanent) is { } failure)
        {
            throw new LaunchException(ExitCodes.Failure, $"{failure.Node}: {failure.Message}");
        }
    }

    private bool IsEnough(V1.NodeTypeInfo type, V1.NodesReport report, HashSet<string?> ready)
    {
        var nodes = report.Nodes.Where(node => node.Type == type.Name).ToArray();
        var there = nodes.Count(node => node.State == Running && ready.Contains(node.Name));
        var starting = nodes.Any(node => node.State == Running && !ready.Contains(node.Name));
        var queued = nodes.Count(static node => node.State == Waiting);
        return there >= type.Minimum || (!waitForAll && !starting && there + queued >= type.Minimum);
    }

    private void Tell(V1.NodeInfo node, bool isReady)
    {
        var text = node.State switch
        {
            Running when isReady => $"ready on {node.Host}",
            Running => $"starting on {node.Host}",
            _ => node.Detail.Length > 0 ? $"{node.State}: {node.Detail}" : node.State,
        };
        if (_told.GetValueOrDefault(node.Name) != text)
        {
            _told[node.Name] = text;
            say($"{node.Name} ({node.SystemName}): {text}");
        }
    }
}
