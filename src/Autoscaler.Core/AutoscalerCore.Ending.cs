namespace Weft.Autoscaler.Core;

/// <summary>Nodes that were told to go, until they are gone; and the end of all.</summary>
public sealed partial class AutoscalerCore
{
    /// <summary>What was said and has had no effect is said again.</summary>
    private const long SayAgainMs = 10_000;

    /// <summary>An answer to a drain is not expected sooner: what a worker says of itself until then may be of before.</summary>
    private const long DrainAnswerMs = 3_000;

    /// <summary>
    /// A worker whose connection breaks is off the scheduler's list at once, and back soon with all that it runs and holds: its node is not ended sooner. Where its workers have left, the node ends by itself.
    /// </summary>
    private const long WorkersGoneMs = 30_000;

    /// <summary>Drains that take longer are told of.</summary>
    private const long DrainSlowMs = 10 * 60_000;

    /// <summary>Nodes that take longer to end are told of: their host may have died, and the system waits for it.</summary>
    private const long EndingSlowMs = 10 * 60_000;

    /// <summary>The head does not wait longer for a node that is ending: only people can clear away what a system has not by then.</summary>
    private const long EndingLostMs = 30 * 60_000;

    /// <summary>When the whole cluster ends, nobody is left who could take what a worker holds: drains are not waited for longer.</summary>
    private const long LastDrainMs = 2 * 60_000;

    private const long RefusalRestMinMs = 60_000;

    private void SayAgain()
    {
        foreach (var node in _nodes.Values)
        {
            if (node.IsTerminating && _nowMs - node.TerminateSaidMs >= SayAgainMs)
            {
                Terminate(node, node.TerminateReason);
            }
        }
    }

    private void FollowDrains()
    {
        foreach (var node in _nodes.Values.Where(static node => node.IsDraining && !node.IsTerminating))
        {
            var sinceSaidMs = _nowMs - node.DrainSaidMs;
            if (AreWorkersGone(node))
            {
                Terminate(node, $"its workers have left: {node.DrainReason}");
            }
            else if (!node.IsUp || node.Load.Leaving > 0 || sinceSaidMs < DrainAnswerMs)
            {
                continue;
            }
            else if (node.Load.RefusedToLeave is not null)
            {
                node.DrainBeganMs = NodeEntry.NotYet;
                node.IsHalfGone = node.Load.Slots < _options.NodeTypes[node.Type].Slots;
                node.RefusedUntilMs = _nowMs + Math.Max(RefusalRestMinMs, Math.Min(_options.IdleTimeoutMs, _options.BackOffMaxMs));
            }
            else if (sinceSaidMs >= SayAgainMs)
            {
                node.DrainSaidMs = _nowMs;
                _orders.Drain(node.Key, node.DrainReason);
            }
        }
    }

    /// <summary>Never of a suspended node: they are there, and cannot speak.</summary>
    private bool AreWorkersGone(NodeEntry node) => node.WorkerlessMs != NodeEntry.NotYet && _nowMs - node.WorkerlessMs >= WorkersGoneMs;

    /// <summary>All nodes go, the minimum too; then the head.</summary>
    private void EndEverything(SizeBounds bounds, string reason, bool isUrgent, bool isListComplete)
    {
        foreach (var node in _nodes.Values.Where(static node => !node.IsTerminating && node.Stage != NodeStage.Asked))
        {
            if (isUrgent || !node.IsUp || node.RefusedUntilMs > _nowMs || (node.IsDraining && _nowMs - node.DrainBeganMs >= LastDrainMs))
            {
                Terminate(node, reason);
            }
            else if (!node.IsDraining)
            {
                Drain(node, reason);
            }
        }

        if (isListComplete && _nodes.Values.All(node => HasBeenEndingFor(node, EndingLostMs)))
        {
            _orders.EndHead(_nodes.Count == 0 ? reason : $"{reason}; left behind, still ending after {Wording.Duration(EndingLostMs)}: {string.Join(", ", _nodes.Keys)}");
        }

        Tell(bounds, null, [$"the cluster ends: {reason}"]);
        Report = Report with { IsEnding = true };
    }

    private bool HasBeenEndingFor(NodeEntry node, long ms) => node.EndingMs != NodeEntry.NotYet && _nowMs - node.EndingMs >= ms;
}
