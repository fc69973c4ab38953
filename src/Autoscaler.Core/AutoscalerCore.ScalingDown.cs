namespace Weft.Autoscaler.Core;

/// <summary>Nodes that go: those above a bound, those on their way that nobody needs any more, those that are idle.</summary>
public sealed partial class AutoscalerCore
{
    /// <summary>A node on its way that has had no use for so long is cancelled: tasks may come in several waves. (Dask looks three times, for 3 s.)</summary>
    private const long UnneededMs = 15_000;

    private const string AboveBound = "there are more nodes than there may be";
    private const string AboveCost = "all nodes together cost more than max_hourly_cost";
    private const string StandsIn = "another type lacks nodes of its minimum";
    private const string Unneeded = "nothing is left for it to do";
    private const string HalfGone = "some of its workers have left";
    private const string Idle = "it was idle";

    private void ReachBounds(SizeBounds bounds)
    {
        for (var type = 0; type < bounds.TypeMax.Length; type++)
        {
            var staying = CountStaying();
            var own = type;
            Shrink(staying, staying[type] - bounds.TypeMax[type], bounds.TypeIsExact[type], node => node.Type == own);
        }

        var all = CountStaying();
        Shrink(all, all.Sum() - bounds.ClusterMax, bounds.ClusterIsExact, node => all[node.Type] > bounds.TypeMin[node.Type]);
        ReachCost();
    }

    /// <summary>A lower bound than before, or nodes that another has launched: what is idle goes, the minimum too.</summary>
    private void ReachCost()
    {
        if (_options.HourlyCostMaxMicros is not { } max)
        {
            return;
        }

        var cost = _nodes.Values.Where(static node => node.IsStaying).Sum(PriceOf);
        foreach (var node in Leavers(isExact: false))
        {
            if (cost > max && PriceOf(node) > 0)
            {
                cost -= PriceOf(node);
                LetGo(node, AboveCost);
            }
        }
    }

    /// <summary>
    /// A size that is full of others while a type lacks nodes of its minimum: that type could not be had, and can again. One goes at a time, since those that leave make room. If the type is refused again, another
    /// comes in its place: that is as often as the type is tried.
    /// </summary>
    private void EndStandIns(SizeBounds bounds, Plan plan)
    {
        if (!bounds.IsClusterAsked)
        {
            // What is idle goes by itself then.
            return;
        }

        var staying = CountStaying();
        var leaving = LeavingNodes();
        if (Leavers(isExact: false).Find(node => IsInTheWayOfMinimum(node, staying, leaving, bounds, plan)) is { } standIn)
        {
            LetGo(standIn, StandsIn);
        }
    }

    private void Shrink(int[] staying, int excess, bool isExact, Func<NodeEntry, bool> mayGo)
    {
        if (excess <= 0)
        {
            return;
        }

        foreach (var node in Leavers(isExact))
        {
            if (excess > 0 && mayGo(node))
            {
                staying[node.Type]--;
                excess--;
                LetGo(node, AboveBound);
            }
        }
    }

    /// <summary>In the order in which they go: those that are asked for, those on their way, idle ones, and, for an exact size, those whose tasks are the youngest.</summary>
    private List<NodeEntry> Leavers(bool isExact)
    {
        var busy = _nodes.Values.Where(node => isExact && node.IsStaying && node.IsUp && !node.Load.IsIdle && !IsLongRunning(node) && MayBeAsked(node))
            .OrderBy(static node => node.Load.LongestRunningMs)
            .ThenBy(static node => node.Load.StoredBytes)
            .ThenBy(static node => node.Key);
        var asked = _nodes.Values.Where(static node => node.IsStaying && !node.IsUp && node.Stage == NodeStage.Asked);
        return [.. asked, .. ComingNodes().Where(node => !node.HadWorker || AreWorkersGone(node)), .. IdleNodes(), .. busy];
    }

    /// <summary>The youngest first.</summary>
    private IEnumerable<NodeEntry> ComingNodes() => _nodes.Values.Where(static node => node.IsStaying && !node.IsUp && node.Stage != NodeStage.Asked)
        .OrderBy(static node => node.Stage)
        .ThenByDescending(static node => node.Key.Number)
        .ThenBy(static node => node.Key);

    private IEnumerable<NodeEntry> IdleNodes() => _nodes.Values.Where(node => node.IsStaying && node.Load.IsIdle && MayBeAsked(node))
        .OrderBy(static node => node.Load.StoredBytes)
        .ThenByDescending(PriceOf)
        .ThenByDescending(static node => node.Key);

    /// <summary>To end it would undo hours of work, or deadlock those who wait for it: nobody who asks for a size means that.</summary>
    private bool IsLongRunning(NodeEntry node) => node.Load.WaitingInside > 0 || node.Load.LongestRunningMs >= _options.LongRunningMs;

    private bool MayBeAsked(NodeEntry node) => _nowMs >= node.RefusedUntilMs;

    /// <summary>One whose launch is not answered is there for nobody to end yet: it goes when it is, and no other in its place.</summary>
    private void LetGo(NodeEntry node, string reason)
    {
        if (node.IsUp)
        {
            Drain(node, reason);
        }
        else if (node.Stage != NodeStage.Asked)
        {
            Terminate(node, reason);
        }
    }

    private void CancelUnneeded(SizeBounds bounds)
    {
        var staying = CountStaying();
        foreach (var node in ComingNodes().Where(static node => !node.HadWorker))
        {
            if (node.IsNeeded || !IsAboveMinimum(node, staying, bounds))
            {
                node.UnneededMs = NodeEntry.NotYet;
                continue;
            }

            staying[node.Type]--;
            if (node.UnneededMs == NodeEntry.NotYet)
            {
                node.UnneededMs = _nowMs;
            }

            if (_nowMs - node.UnneededMs >= Math.Min(UnneededMs, _options.IdleTimeoutMs))
            {
                Terminate(node, Unneeded);
            }
        }
    }

    private void DrainIdle(SizeBounds bounds, IReadOnlyList<Need> needs)
    {
        // A node that is still to come does not stand for one that is there.
        var up = CountStaying(static node => node.IsUp);
        var drained = new SortedSet<int>();
        foreach (var node in IdleNodes().Where(node => !node.IsNeeded && node.Load.IdleMs >= _options.IdleTimeoutMs))
        {
            if (IsAboveMinimum(node, up, bounds))
            {
                up[node.Type]--;
                Drain(node, Idle);
                drained.Add(node.Type);
            }
        }

        // When all have gone: each mark is of what stays.
        foreach (var type in drained)
        {
            _marks[_options.NodeTypes[type].Name] = MarkOf(type, needs);
        }
    }

    /// <summary>
    /// At once when nobody needs them; and, though they are busy, if a whole node would come in their place. Idle ones first: those that leave make room, so that busy ones go one at a time. What waits may fit
    /// that one, and nothing begins on those that leave.
    /// </summary>
    private void DrainHalfGone(SizeBounds bounds, Plan plan)
    {
        var staying = CountStaying();
        var up = CountStaying(static node => node.IsUp);
        foreach (var node in _nodes.Values.Where(node => node.IsStaying && node.IsUp && node.IsHalfGone && MayBeAsked(node)).OrderByDescending(static node => node.Load.IsIdle))
        {
            var isLeft = node.Load.IsIdle && !node.IsNeeded && IsAboveMinimum(node, up, bounds);
            if (isLeft || (!IsLongRunning(node) && IsInTheWay(node, staying, bounds, plan)))
            {
                staying[node.Type]--;
                up[node.Type]--;
                Drain(node, HalfGone);
            }
        }
    }

    /// <summary>For tasks, or for what another type lacks. Not for a number of nodes: one less and one more are as many.</summary>
    private bool IsInTheWay(NodeEntry node, int[] staying, SizeBounds bounds, Plan plan)
    {
        var leaving = LeavingNodes();
        return plan.IsInTheWayOfTasks(node, leaving) || IsInTheWayOfMinimum(node, staying, leaving, bounds, plan);
    }

    /// <summary>Not where its own type would lack it then.</summary>
    private static bool IsInTheWayOfMinimum(NodeEntry node, int[] staying, List<NodeEntry> leaving, SizeBounds bounds, Plan plan) =>
        staying[node.Type] > bounds.TypeMin[node.Type] && plan.IsInTheWayOfMinimum(node, leaving);

    /// <summary>Those that will make room. Of one that takes too long nobody knows: its host may have died.</summary>
    private List<NodeEntry> LeavingNodes() =>
        [.. _nodes.Values.Where(node => !node.IsStaying && !HasBeenEndingFor(node, EndingSlowMs) && !(node.IsDraining && _nowMs - node.DrainBeganMs >= DrainSlowMs))];

    private static bool IsAboveMinimum(NodeEntry node, int[] nodes, SizeBounds bounds) =>
        nodes[node.Type] > bounds.TypeMin[node.Type] && nodes.Sum() > bounds.ClusterMin;
}
