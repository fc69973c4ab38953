using System.Globalization;

namespace Weft.Autoscaler.Core;

/// <summary>What there is: the list of nodes, the workers, and what became of launches.</summary>
public sealed partial class AutoscalerCore
{
    /// <summary>How long a system may take to list what it has accepted.</summary>
    private const long ListLagMs = 60_000;

    private readonly HashSet<NodeKey> _over = [];
    private bool _hasList;
    private bool _wasHeard;

    private void TakeNodes(IReadOnlyList<ObservedNode> nodes)
    {
        var seen = new HashSet<NodeKey>();
        foreach (var node in nodes.OrderBy(static node => node.Key))
        {
            if (TypeOf(node.Key) is var type and >= 0 && seen.Add(node.Key))
            {
                NoteNumber(node.Key);
                TakeNode(node, type);
            }
        }

        foreach (var node in _nodes.Values.Where(node => !seen.Contains(node.Key)).ToArray())
        {
            TakeAbsence(node);
        }

        // Remembered for as long as the system does, so that an end is told of once.
        _over.IntersectWith(seen);
        _hasList = true;
    }

    private void TakeNode(ObservedNode node, int type)
    {
        if (node.State is ObservedState.Ended or ObservedState.Failed)
        {
            if (_over.Add(node.Key) && _nodes.TryGetValue(node.Key, out var over))
            {
                Bury(over, node.Detail);
            }

            return;
        }

        // A queue may put a job back that had ended.
        _over.Remove(node.Key);
        if (!_nodes.TryGetValue(node.Key, out var entry))
        {
            // Few systems tell which are spot nodes: of a type that is bought in no other way, all are.
            _nodes.Add(node.Key, entry = new NodeEntry(node.Key, type, _options.NodeTypes[type] is { IsSpot: true, FallsBackToOnDemand: false }, NodeStage.Waiting));
        }
        else if (node.State == ObservedState.Ending && entry.Stage != NodeStage.Ending)
        {
            NoteEnd(entry, node.Detail);
        }

        entry.WasListed = true;

        // What was asked for is what comes.
        entry.IsSpot |= node.IsSpot && !entry.WasAsked;
        entry.Stage = node.State switch
        {
            ObservedState.Running => NodeStage.Running,
            ObservedState.Ending => NodeStage.Ending,
            _ => NodeStage.Waiting,
        };
        entry.EndingMs = entry.Stage != NodeStage.Ending ? NodeEntry.NotYet : entry.EndingMs == NodeEntry.NotYet ? _nowMs : entry.EndingMs;
    }

    private void TakeAbsence(NodeEntry node)
    {
        if (node.WasListed)
        {
            Bury(node, null);
        }
        else if (node.Stage == NodeStage.Accepted && _nowMs - node.AcceptedMs >= ListLagMs)
        {
            Bury(node, "it was accepted, and is not listed");
        }
    }

    private void Bury(NodeEntry node, string? detail)
    {
        _nodes.Remove(node.Key);
        NoteEnd(node, detail);
    }

    /// <summary>A node ends, or is over. If nobody told it to before its workers came, its type does not work. One that was found while it ended may have been told to.</summary>
    private void NoteEnd(NodeEntry node, string? detail)
    {
        if (node.HadWorker)
        {
            return;
        }

        var message = $"{node.Key} ended before it had a worker{(detail is null ? "" : $": {detail}")}";
        if (node.IsStaying)
        {
            Fail(node, new LaunchFailure(LaunchFailureKind.Transient, message));
            node.StartFailure = message;
        }
        else if (node.StartFailure is { } before && detail is not null)
        {
            // Most systems know why only when it is over.
            MarketOf(node.Type, node.IsSpot).Reword(before, message);
        }
    }

    private void OnLaunchAnswered(LaunchAnswered answered)
    {
        for (var number = answered.First; number < answered.First + answered.Count; number++)
        {
            if (!_nodes.TryGetValue(new NodeKey(answered.Type, number), out var node) || node.Stage != NodeStage.Asked)
            {
                // The list was quicker, and it knows better.
                continue;
            }

            if (answered.Failure is { } failure)
            {
                _nodes.Remove(node.Key);
                Fail(node, failure);
            }
            else
            {
                node.Stage = NodeStage.Accepted;
                node.AcceptedMs = _nowMs;
            }
        }
    }

    private void TakeWorkers(IReadOnlyList<ObservedWorker> workers)
    {
        _workers = workers;
        _pausedMs = SinceWhen(workers.Where(static worker => worker.IsPaused), _pausedMs);
        _leavingMs = SinceWhen(workers.Where(static worker => worker.IsLeaving), _leavingMs);
        foreach (var node in _nodes.Values)
        {
            node.Load = new NodeLoad();
        }

        foreach (var worker in workers.OrderBy(static worker => worker.Name, StringComparer.Ordinal))
        {
            if (worker.Node is { } key)
            {
                NoteNumber(key);
                if (_nodes.TryGetValue(key, out var node))
                {
                    node.Load.Add(worker, IsClosed(worker));
                }
            }
        }

        foreach (var node in _nodes.Values)
        {
            NoteWorkers(node);
        }

        _wasHeard = true;
    }

    private Dictionary<string, long> SinceWhen(IEnumerable<ObservedWorker> workers, Dictionary<string, long> before)
    {
        var since = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var worker in workers)
        {
            since[worker.Name] = before.GetValueOrDefault(worker.Name, _nowMs);
        }

        return since;
    }

    /// <summary>
    /// A pause may last a moment: results that are released end it. One that lasts may last for as long as nobody else takes the tasks. One that leaves may be started again at once, or wait for a task of hours.
    /// </summary>
    private bool IsClosed(ObservedWorker worker) =>
        (_pausedMs.TryGetValue(worker.Name, out var pausedMs) && _nowMs - pausedMs >= PauseBelievedMs)
        || (_leavingMs.TryGetValue(worker.Name, out var leavingMs) && _nowMs - leavingMs >= LeavingBelievedMs);

    private void NoteWorkers(NodeEntry node)
    {
        var load = node.Load;
        if (node.IsUp)
        {
            if (!node.HadWorker)
            {
                node.HadWorker = true;
                MarketOf(node.Type, node.IsSpot).Succeed(node.AskedMs);
            }

            node.WorkerlessMs = NodeEntry.NotYet;
        }
        else if (node.Stage != NodeStage.Running)
        {
            // It was suspended: its workers get the time anew when it goes on.
            node.WorkerlessMs = NodeEntry.NotYet;
        }
        else if (node.WorkerlessMs == NodeEntry.NotYet || !_wasHeard)
        {
            node.WorkerlessMs = _nowMs;
        }

        if (load.Slots >= _options.NodeTypes[node.Type].Slots)
        {
            // Whoever was missing when others refused to leave had only lost its connection.
            node.SlotsShortMs = NodeEntry.NotYet;
            node.IsHalfGone = false;
        }
        else if (node.IsUp && node.SlotsShortMs == NodeEntry.NotYet)
        {
            node.SlotsShortMs = _nowMs;
        }

        if (node.IsStaying && node.IsUp && load.Leaving == load.Workers && !_options.NodeTypes[node.Type].RestartsWorkers)
        {
            // A spot notice, a lifetime, or a person's drain: it is asked for nothing, and ends when they have left.
            node.DrainBeganMs = node.DrainSaidMs = _nowMs;
            node.DrainReason = "its workers leave";
        }
    }

    private void NoteNumber(NodeKey key) => _highest[key.Type] = Math.Max(_highest.GetValueOrDefault(key.Type), key.Number);

    /// <summary>A node that runs and has no worker for too long never will.</summary>
    private void GiveUpLateNodes()
    {
        foreach (var node in _nodes.Values)
        {
            if (node.IsStaying && node.Stage == NodeStage.Running && node.WorkerlessMs != NodeEntry.NotYet && _nowMs - node.WorkerlessMs >= _options.BootTimeoutMs)
            {
                var reason = string.Create(CultureInfo.InvariantCulture, $"it has run for {Wording.Duration(_options.BootTimeoutMs)} without a worker");
                if (!node.HadWorker)
                {
                    Fail(node, new LaunchFailure(LaunchFailureKind.Transient, $"{node.Key}: {reason}"));
                }

                Terminate(node, reason);
            }
        }
    }
}
