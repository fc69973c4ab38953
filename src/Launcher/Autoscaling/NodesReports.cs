using Weft.Autoscaler.Core;
using Weft.Provisioning;
using V1 = Weft.Protocol.V1;

namespace Weft.Launcher;

/// <summary>What the scheduler is told of the nodes, for whoever asks it.</summary>
internal static class NodesReports
{
    private static readonly string Id = Guid.NewGuid().ToString("N");

    /// <param name="configuration">That is followed.</param>
    /// <param name="fileProblem">Why the file that is there now is not; null: it is.</param>
    /// <param name="looks">The nodes.</param>
    /// <param name="decided">What the core decided.</param>
    /// <param name="failures">Of launches.</param>
    /// <param name="target">The size that somebody asked for.</param>
    public static V1.NodesReport Of(ClusterConfiguration configuration, string? fileProblem, NodeLooks looks, AutoscalerReport decided, NodeFailures failures, V1.ScaleTarget target)
    {
        var report = new V1.NodesReport
        {
            AutoscalerId = Id,
            ClusterName = configuration.ClusterName,
            Provider = configuration.ProviderType,
            Target = target,
            WorkersMax = (uint)configuration.WorkersMax,
            Failed = failures.Count,
            Ending = decided.IsEnding || target.End,
        };
        report.Nodes.AddRange(looks.Nodes.Where(static node => node.State != NodeState.Ended).Select(Of));
        report.NodeTypes.AddRange(decided.Types.Select(Of));
        report.Problems.AddRange(decided.Types.Where(static type => type.Held is not null).Select(static type => $"{type.Type}: {type.Held}"));
        report.Problems.AddRange(decided.Lines);
        if (looks.Problem is { } problem)
        {
            report.Problems.Add($"the nodes cannot be listed: {problem}");
        }

        if (fileProblem is not null)
        {
            report.Problems.Add(fileProblem);
        }

        report.Failures.AddRange(failures.Kept);
        return report;
    }

    private static V1.NodeInfo Of(ClusterNode node) => new()
    {
        Name = node.Id.ToString(),
        Type = node.Id.Type,
        State = node.State.ToString().ToLowerInvariant(),
        Detail = node.Detail ?? "",
        Host = node.Host ?? "",
        SystemName = node.SystemName,
        Spot = node.IsSpot,
    };

    private static V1.NodeTypeInfo Of(NodeTypeReport type) => new()
    {
        Name = type.Type,
        Minimum = (uint)type.Minimum,
        Maximum = (uint)type.Maximum,
        Wanted = (uint)type.Wanted,
        Waiting = (uint)type.Waiting,
        Running = (uint)type.Running,
        Leaving = (uint)type.Leaving,
        Note = type.Held ?? "",
    };
}
