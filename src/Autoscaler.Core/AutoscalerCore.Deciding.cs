namespace Weft.Autoscaler.Core;

/// <summary>One look around, and what follows from it.</summary>
public sealed partial class AutoscalerCore
{
    private void OnObserved(Observation seen)
    {
        if (seen.IsNodeListComplete)
        {
            TakeNodes(seen.Nodes);
        }

        if (seen.IsSchedulerHeard)
        {
            TakeWorkers(seen.Workers);
        }
        else
        {
            _wasHeard = false;
        }

        if (!_hasList)
        {
            Report = new AutoscalerReport([], ["the provider has not said yet which nodes there are"]);
            return;
        }

        SayAgain();
        var bounds = new SizeBounds(_options, seen.Wanted);
        if (seen.Wanted.IsShutDown)
        {
            EndEverything(bounds, "shut down", isUrgent: true, seen.IsNodeListComplete);
        }
        else if (!seen.IsSchedulerHeard)
        {
            Tell(bounds, null, ["the scheduler does not answer: nothing is launched or drained meanwhile"]);
        }
        else if (IsOutOfUse(seen.Demand))
        {
            FollowDrains();
            EndEverything(bounds, $"there was no task and no client for {Wording.Duration(_options.HeadTimeoutMs)}", isUrgent: false, seen.IsNodeListComplete);
        }
        else
        {
            Decide(seen, bounds);
        }
    }

    private bool IsOutOfUse(ClusterDemand demand) =>
        !demand.HasClients && demand.SinceWorkMs >= _options.HeadTimeoutMs && demand.Rows.All(static row => row is { Waiting: 0, Running: 0 });

    private void Decide(Observation seen, SizeBounds bounds)
    {
        GiveUpLateNodes();
        FollowDrains();
        var needs = Needs.Of(seen.Demand, _workers, _options.TargetDurationMs);
        var offers = Enumerable.Range(0, _options.NodeTypes.Count).Select(OfferOf).ToArray();
        var plan = PlanFor(bounds, needs, offers);
        ReachBounds(bounds);
        EndStandIns(bounds, plan);
        CancelUnneeded(bounds);
        DrainIdle(bounds, needs);
        DrainHalfGone(bounds, plan);
        Launch(plan, offers);
        Tell(bounds, plan, []);
    }

    private Plan PlanFor(SizeBounds bounds, IReadOnlyList<Need> needs, Offer[] offers)
    {
        var supply = Supply();
        foreach (var node in _nodes.Values)
        {
            node.IsNeeded = false;
        }

        var limits = Enumerable.Range(0, offers.Length).Select(type => LimitOf(type, needs)).ToArray();
        var plan = new Plan(_options, _typesOfFile, offers, limits, new Room(_options, bounds, _nodes.Values));
        plan.FillMinimum(bounds, CountStaying());
        plan.Place(needs, supply);
        return plan;
    }

    /// <summary>What is free, in the order in which it is filled: where work is already, then idle nodes, then those on their way, the oldest first.</summary>
    private List<(NodeEntry? Node, Bin Bin)> Supply()
    {
        var supply = new List<(NodeEntry?, Bin)>();
        foreach (var worker in OthersWorkers())
        {
            var bin = new Bin(worker.Slots - worker.Running, worker.Resources, worker.Resources);
            bin.Use(worker.ResourcesInUse);
            supply.Add((null, bin));
        }

        foreach (var node in _nodes.Values.Where(static node => node.IsStaying)
            .OrderBy(static node => node.IsUp ? 0 : 1)
            .ThenBy(static node => node.Load.IsIdle)
            .ThenByDescending(static node => node.Stage)
            .ThenBy(PriceOf)
            .ThenBy(static node => node.Type)
            .ThenBy(static node => node.Key))
        {
            var bin = BinOf(node, SlotsOf(node) - node.Load.Running - node.Load.Closed);
            node.Load.InUse.ForEach(bin.Use);
            supply.Add((node, bin));
        }

        return supply;
    }

    /// <summary>Of none of our nodes, and tasks may begin there.</summary>
    private IEnumerable<ObservedWorker> OthersWorkers() =>
        _workers.Where(worker => worker is { Node: null, IsLeaving: false } && !IsClosed(worker)).OrderBy(static worker => worker.Name, StringComparer.Ordinal);

    private Bin BinOf(NodeEntry node, long slots) => new(slots, _options.NodeTypes[node.Type].Resources, _options.NodeTypes[node.Type].ProcessResources);

    /// <summary>While a node comes up, or a process of it is started again, it counts as whole; for good, only as what is there.</summary>
    private long SlotsOf(NodeEntry node) => node.SlotsShortMs != NodeEntry.NotYet && _nowMs - node.SlotsShortMs >= _options.BootTimeoutMs
        ? node.Load.Slots
        : Math.Max(node.Load.Slots, _options.NodeTypes[node.Type].Slots);

    private long PriceOf(NodeEntry node) => _options.NodeTypes[node.Type].PriceOf(node.IsSpot);

    private Offer OfferOf(int type)
    {
        var options = _options.NodeTypes[type];
        string? held = null;
        bool[] ways = options.IsSpot && options.FallsBackToOnDemand ? [true, false] : [options.IsSpot];
        foreach (var isSpot in ways)
        {
            var price = options.PriceOf(isSpot);
            if (_options.PriceMaxMicros is { } max && price > max)
            {
                held ??= $"a {(isSpot ? "spot " : "")}node costs {Wording.Money(price)} an hour, more than max_price {Wording.Money(max)}";
                continue;
            }

            var market = MarketOf(type, isSpot);
            if (!market.IsResting(_nowMs))
            {
                return new Offer(IsOpen: true, isSpot, price, held, IsWorthWaiting: false);
            }

            held ??= $"{(isSpot ? "spot: " : "")}tried again in {Wording.Duration(market.RetryMs - _nowMs)}: {market.Message}";
            if (market.IsHiccup)
            {
                return new Offer(IsOpen: false, isSpot, price, held, IsWorthWaiting: true);
            }
        }

        return new Offer(IsOpen: false, options.IsSpot, options.PriceOf(options.IsSpot), held, IsWorthWaiting: false);
    }
}
