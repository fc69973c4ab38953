using System.Globalization;
using System.Text;
using Weft.Primitives;
using Weft.Simulation.Tests;

namespace Weft.Autoscaler.Core.Tests;

/// <summary>
/// The real core between a provider and a scheduler that are simulated: one seed draws the cluster file, the work, the people and the faults. It runs until all tasks are done, then until the
/// cluster should have come to rest, then until the head has ended; checkers watch.
/// </summary>
internal sealed class ScalingSimulation
{
    private const int StoryLines = 60;

    /// <summary>A shell that is slow to look around, when there is nothing left to do: it also saves half of the time.</summary>
    private const long SlowTickMs = 4_000;

    private readonly AutoscalerCore _core;
    private readonly Checker[] _checkers;
    private readonly Queue<string> _story = [];
    private readonly SimulationRandom _connections;
    private int _nextWish;

    public ScalingSimulation(int seed)
    {
        Seed = seed;
        Scenario = new Scenario(seed);
        Provider = new SimulatedProvider(Scenario, Scenario.Fork());
        Scheduler = new SimulatedScheduler(Scenario, Scenario.Fork());
        _connections = Scenario.Fork();
        _core = new AutoscalerCore(Scenario.Options);
        _checkers =
        [
            new NeverAboveMaximum(this), new NeverLongBelowMinimum(this), new NoFlapping(this), new DemandIsServed(this), new CostStaysBelowCap(this), new NothingIsLeft(this),
            new ParentsAreNotDrained(this), new WorkersLeaveFirst(this), new NumbersAreUsedOnce(this), new IdleClusterRests(this), new IdleNodesLeave(this), Digest,
        ];
    }

    public int Seed { get; }

    public Scenario Scenario { get; }

    public SimulatedProvider Provider { get; }

    public SimulatedScheduler Scheduler { get; }

    public ReplayDigest Digest { get; } = new();

    public long NowMs { get; private set; }

    /// <summary>What the core was told last.</summary>
    public Observation Seen { get; private set; } = new() { Nodes = [], IsNodeListComplete = false, IsSchedulerHeard = false };

    public WantedSize Wanted { get; private set; } = new();

    /// <summary>When the last change of what people ask for was.</summary>
    public long WantedSinceMs { get; private set; }

    /// <summary>When all tasks were done; before: at the end of time.</summary>
    public long DoneMs { get; private set; } = long.MaxValue;

    /// <summary>When the cluster was told to end, or its client left.</summary>
    public long EndingMs { get; private set; } = long.MaxValue;

    /// <summary>What it did not hold, as a story; null: it held all.</summary>
    public string? Failed { get; set; }

    public bool HasEnded { get; private set; }

    /// <summary>What was spent until the end was ordered.</summary>
    public Int128 Spent { get; private set; }

    public int Launches { get; private set; }

    public int Drains { get; private set; }

    /// <summary>Nothing happens to the cluster from outside any more.</summary>
    public long CalmMs => Math.Max(Scenario.LastArrivalMs, Math.Max(Scenario.Faults.EndMs, Scenario.Wishes.Count == 0 ? 0 : Scenario.Wishes[^1].TimeMs));

    /// <summary>How long a cluster may take, when it is idle, to come to its minimum: idle timeout, a refused drain, a node that comes up too late, a failed launch.</summary>
    public long RestMs => Scenario.IsCalm
        ? (Scenario.Options.IdleTimeoutMs * 2) + 120_000
        : (Scenario.Options.IdleTimeoutMs * 3) + (Scenario.Options.BackOffMaxMs * 2) + (Scenario.Options.BootTimeoutMs * 2) + 120_000;

    public void Run()
    {
        while (!HasEnded)
        {
            var fromMs = NowMs;
            NowMs += Scheduler.Unfinished > 0 ? Scenario.TickMs : Math.Max(Scenario.TickMs, SlowTickMs);
            Provider.Step(fromMs, NowMs, Scheduler);
            Scheduler.Step(NowMs);
            foreach (var answer in Provider.TakeAnswers())
            {
                Apply(answer);
            }

            Look();
            Apply(new Observed(Seen));
            foreach (var checker in _checkers)
            {
                checker.AfterTick();
            }
        }
    }

    public SimulationException Failure(string what)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"Seed {Seed} at {NowMs} ms: {what}");
        text.AppendLine(CultureInfo.InvariantCulture, $"{Scheduler.Unfinished} tasks unfinished, {Scheduler.Workers.Count} workers; all is calm from {CalmMs} ms on");
        text.AppendJoin('\n', Scenario.Options.NodeTypes).AppendLine();
        text.AppendLine(Scenario.Options.ToString());
        text.AppendJoin('\n', Scenario.Bursts).AppendLine();
        text.AppendLine(Scenario.Faults.ToString());
        text.AppendJoin('\n', _story).AppendLine();
        text.AppendJoin('\n', _core.Report.Types).AppendLine();
        text.AppendJoin('\n', _core.Report.Lines).AppendLine();
        text.AppendJoin('\n', Seen.Nodes).AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"Again: WEFT_SEED={Seed} dotnet run --project tests/Autoscaler.Core.Tests -- -method \"*Replay_one_seed*\"");
        return new SimulationException(text.ToString());
    }

    private void Look()
    {
        while (_nextWish < Scenario.Wishes.Count && Scenario.Wishes[_nextWish].TimeMs <= NowMs)
        {
            Wanted = Scenario.Wishes[_nextWish++].Wanted;
            WantedSinceMs = NowMs;
        }

        if (Scheduler.Unfinished == 0 && DoneMs == long.MaxValue)
        {
            DoneMs = Math.Max(NowMs, CalmMs);
        }

        if (EndingMs == long.MaxValue && DoneMs < NowMs - RestMs)
        {
            foreach (var checker in _checkers)
            {
                checker.WhenAtRest();
            }

            EndingMs = NowMs;
            Spent = Provider.Spent;
            Wanted = Scenario.EndsByShutDown ? new WantedSize { IsShutDown = true } : Wanted;
        }

        Seen = new Observation
        {
            Nodes = Provider.List(NowMs),
            IsNodeListComplete = !Scenario.Faults.ListFails.Any(window => window.Holds(NowMs)),
            IsSchedulerHeard = !Scenario.Faults.SchedulerIsAway.Any(window => window.Holds(NowMs)),
            Workers = WorkersThatAreConnected(),
            Demand = Scheduler.Demand(hasClients: EndingMs == long.MaxValue),
            Wanted = Wanted,
        };
        if (!Seen.IsNodeListComplete)
        {
            Seen = Seen with { Nodes = [] };
        }

        if (!Seen.IsSchedulerHeard)
        {
            Seen = Seen with { Workers = [], Demand = new ClusterDemand { SinceWorkMs = long.MaxValue } };
        }
    }

    private IReadOnlyList<ObservedWorker> WorkersThatAreConnected()
    {
        var workers = Scheduler.Observe();
        if (NowMs >= Scenario.Faults.EndMs || Scenario.Faults.BrokenConnections == 0)
        {
            return workers;
        }

        var broken = workers.Select(static worker => worker.Node).Distinct().Where(_ => _connections.Chance(Scenario.Faults.BrokenConnections)).ToHashSet();
        return [.. workers.Where(worker => !broken.Contains(worker.Node))];
    }

    private void Apply(AutoscalerEvent happened)
    {
        foreach (var action in _core.Apply(new Stamped<AutoscalerEvent>(NowMs, happened)))
        {
            Tell($"{NowMs} {Describe(action)}");
            foreach (var checker in _checkers)
            {
                checker.OnAction(action);
            }

            CarryOut(action);
        }
    }

    private void CarryOut(AutoscalerAction action)
    {
        switch (action)
        {
            case LaunchNodes launch:
                Launches++;
                Provider.Launch(launch, NowMs);
                break;
            case DrainNodes drain:
                Drains++;
                foreach (var node in drain.Nodes)
                {
                    Scheduler.Drain(node);
                }

                break;
            case TerminateNodes terminate:
                foreach (var node in terminate.Nodes)
                {
                    Provider.Terminate(node, NowMs);
                }

                break;
            case EndHead:
                HasEnded = true;
                break;
        }
    }

    private void Tell(string line)
    {
        _story.Enqueue(line);
        if (_story.Count > StoryLines)
        {
            _story.Dequeue();
        }
    }

    private static string Describe(AutoscalerAction action) => action switch
    {
        DrainNodes drain => $"drain {string.Join(' ', drain.Nodes)}: {drain.Reason}",
        TerminateNodes terminate => $"terminate {string.Join(' ', terminate.Nodes)}: {terminate.Reason}",
        _ => action.ToString(),
    };
}
