using Weft.Simulation.Tests;

namespace Weft.Autoscaler.Core.Tests;

/// <summary>A system that nodes come from: queues, boots, refusals, nodes that are taken away, and a list that lags.</summary>
internal sealed class SimulatedProvider(Scenario scenario, SimulationRandom random)
{
    private const long RememberedMs = 30_000;

    private readonly SortedDictionary<NodeKey, SimulatedNode> _nodes = [];
    private readonly List<(long TimeMs, LaunchNodes Launch)> _requests = [];
    private readonly List<LaunchAnswered> _answers = [];

    public IEnumerable<SimulatedNode> Alive => _nodes.Values.Where(static node => !node.IsOver);

    /// <summary>What was asked for and is not decided.</summary>
    public IEnumerable<LaunchNodes> Requests => _requests.Select(static request => request.Launch);

    /// <summary>In millionths of the currency, times milliseconds, for an hour's price.</summary>
    public Int128 Spent { get; private set; }

    public int Preempted { get; private set; }

    public int Refused { get; private set; }

    /// <summary>Nodes that ended though nobody told them to, and notices that they will.</summary>
    public int Lost { get; private set; }

    public void Launch(LaunchNodes launch, long nowMs) => _requests.Add((nowMs + random.Between(0L, 2_500L), launch));

    public void Terminate(NodeKey key, long nowMs)
    {
        if (_nodes.TryGetValue(key, out var node) && !node.IsOver && node.State != ObservedState.Ending)
        {
            End(node, nowMs);
        }
    }

    public IReadOnlyList<LaunchAnswered> TakeAnswers()
    {
        var taken = _answers.ToArray();
        _answers.Clear();
        return taken;
    }

    public IReadOnlyList<ObservedNode> List(long nowMs) =>
        [.. _nodes.Values.Where(node => node.ListedMs <= nowMs && (!node.IsOver || nowMs - node.EndedMs < RememberedMs)).Select(node => new ObservedNode(node.Key, node.State, node.IsSpot && scenario.TellsSpot, "as simulated"))];

    /// <param name="fromMs">Since the last step.</param>
    /// <param name="nowMs">Until now.</param>
    /// <param name="scheduler">Gets the workers of nodes that have come up, and loses those of nodes that end.</param>
    public void Step(long fromMs, long nowMs, SimulatedScheduler scheduler)
    {
        foreach (var (_, launch) in _requests.Where(request => request.TimeMs <= nowMs).ToArray())
        {
            Answer(launch, nowMs);
        }

        _requests.RemoveAll(request => request.TimeMs <= nowMs);
        foreach (var node in Alive.ToArray())
        {
            StepNode(node, nowMs, scheduler);
            if (node.State is ObservedState.Running or ObservedState.Ending && node.RunsMs <= nowMs)
            {
                Spent += (Int128)node.PriceMicros * (Math.Min(nowMs, node.EndedMs) - Math.Max(fromMs, node.RunsMs));
            }
        }
    }

    private void StepNode(SimulatedNode node, long nowMs, SimulatedScheduler scheduler)
    {
        if (node.State == ObservedState.Waiting && node.RunsMs <= nowMs)
        {
            node.State = ObservedState.Running;
        }

        if (node.State == ObservedState.Running && !node.HadWorker && node.WorkerMs <= nowMs)
        {
            node.HadWorker = true;
            scheduler.Join(node.Key);
        }

        if (node.State == ObservedState.Running && node.NoticeMs <= nowMs)
        {
            node.NoticeMs = long.MaxValue;
            scheduler.Leave(node.Key);
            Lost++;
        }

        if (node.State == ObservedState.Running && node.HadWorker && !scheduler.HasWorkers(node.Key))
        {
            // Its script is over.
            End(node, nowMs);
        }

        if (node.DiesMs <= nowMs && node.State != ObservedState.Ending)
        {
            Lost++;
            Preempted += node.HadWorker ? 1 : 0;
            node.HasFailed = !node.HadWorker && random.Chance(500);
            scheduler.Lose(node.Key);
            if (random.Chance(500))
            {
                // The system clears up after it.
                node.DiesMs = long.MaxValue;
                End(node, nowMs);
            }
        }

        if (node.DiesMs <= nowMs)
        {
            node.State = node.HasFailed ? ObservedState.Failed : ObservedState.Ended;
            node.EndedMs = nowMs;
            scheduler.Lose(node.Key);
        }
    }

    private void End(SimulatedNode node, long nowMs)
    {
        node.State = ObservedState.Ending;
        node.DiesMs = Math.Min(node.DiesMs, nowMs + random.Between(0L, 4_000L));
    }

    private void Answer(LaunchNodes launch, long nowMs)
    {
        var refusal = scenario.Faults.Refusals.FirstOrDefault(refusal => refusal.Type == launch.Type && refusal.IsSpot == launch.IsSpot && refusal.When.Holds(nowMs));
        var accepted = refusal is null ? launch.Count : refusal.Kind == LaunchFailureKind.Capacity ? random.Below(launch.Count) : 0;
        for (var number = launch.First; number < launch.First + accepted; number++)
        {
            var node = NewNode(new NodeKey(launch.Type, number), launch.IsSpot, nowMs);
            _nodes.Add(node.Key, node);
        }

        if (accepted > 0)
        {
            _answers.Add(new LaunchAnswered(launch.Type, launch.First, accepted, null));
        }

        if (refusal is not null)
        {
            Refused++;
            _answers.Add(new LaunchAnswered(launch.Type, launch.First + accepted, launch.Count - accepted, new LaunchFailure(refusal.Kind, "as simulated")));
        }
    }

    private SimulatedNode NewNode(NodeKey key, bool isSpot, long nowMs)
    {
        var type = scenario.Options.NodeTypes.Index().First(type => type.Item.Name == key.Type);
        var node = new SimulatedNode(key, isSpot, type.Item.PriceOf(isSpot)) { ListedMs = nowMs + random.Between(0L, scenario.Faults.ListLagMs) };
        node.RunsMs = nowMs + random.Between(scenario.QueueMs[type.Index] / 2, scenario.QueueMs[type.Index]);
        var workerMs = node.RunsMs + (scenario.BootMs[type.Index] * random.Between(80L, 120L) / 100);
        if (nowMs < scenario.Faults.EndMs)
        {
            DrawFate(node, workerMs);
        }

        node.WorkerMs = node.WorkerMs == 0 ? long.MaxValue : workerMs;
        return node;
    }

    private void DrawFate(SimulatedNode node, long workerMs)
    {
        if (random.Chance(scenario.Faults.DeadBoots))
        {
            node.WorkerMs = 0;
        }
        else if (random.Chance(scenario.Faults.EndsAtOnce))
        {
            node.DiesMs = random.Between(node.RunsMs, workerMs);
        }
        else if (node.IsSpot && random.Chance(scenario.Faults.Preemptions))
        {
            node.DiesMs = workerMs + random.Between(5_000L, 150_000L);
            node.NoticeMs = random.Chance(500) ? node.DiesMs - 30_000 : long.MaxValue;
        }
    }
}
