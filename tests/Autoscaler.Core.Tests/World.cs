using Weft.Primitives;

namespace Weft.Autoscaler.Core.Tests;

/// <summary>A core and what it is told; a test changes that and looks at what is ordered.</summary>
internal sealed class World
{
    private readonly AutoscalerCore _core;

    public World(params NodeTypeOptions[] types)
        : this(new AutoscalerOptions { NodeTypes = types, WorkersMax = 1000 })
    {
    }

    public World(AutoscalerOptions options)
    {
        Options = options;
        _core = new AutoscalerCore(options);
    }

    public AutoscalerOptions Options { get; private set; }

    public long NowMs { get; private set; }

    public SortedDictionary<NodeKey, ObservedNode> Nodes { get; } = [];

    public SortedDictionary<string, ObservedWorker> Workers { get; } = new(StringComparer.Ordinal);

    public List<DemandRow> Demand { get; } = [];

    public WantedSize Wanted { get; set; } = new();

    public bool HasClients { get; set; } = true;

    public long SinceWorkMs { get; set; }

    public bool IsListed { get; set; } = true;

    public bool IsHeard { get; set; } = true;

    public AutoscalerReport Report => _core.Report;

    public static NodeTypeOptions Type(string name, int slots = 1, int min = 0, int max = 100, long price = 0, string resources = "") => new()
    {
        Name = name,
        Slots = slots,
        WorkersMin = min,
        WorkersMax = max,
        PriceMicros = price,
        Resources = ResourceAmounts.Parse(resources),
    };

    public static NodeKey Key(string text) => new(text[..text.LastIndexOf('-')], int.Parse(text[(text.LastIndexOf('-') + 1)..], System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>Lets time pass, and looks around.</summary>
    public IReadOnlyList<AutoscalerAction> Look(long afterMs = 1000)
    {
        NowMs += afterMs;
        return Apply(new Observed(new Observation
        {
            Nodes = IsListed ? [.. Nodes.Values] : [],
            IsNodeListComplete = IsListed,
            IsSchedulerHeard = IsHeard,
            Workers = IsHeard ? [.. Workers.Values] : [],
            Demand = IsHeard ? new ClusterDemand { Rows = [.. Demand], HasClients = HasClients, SinceWorkMs = SinceWorkMs } : new ClusterDemand(),
            Wanted = Wanted,
        }));
    }

    /// <summary>Looks around once a second.</summary>
    /// <returns>All that was ordered meanwhile.</returns>
    public List<AutoscalerAction> LookFor(long ms)
    {
        var actions = new List<AutoscalerAction>();
        for (var i = 0; i < ms / 1000; i++)
        {
            actions.AddRange(Look());
        }

        return actions;
    }

    public IReadOnlyList<AutoscalerAction> Apply(AutoscalerEvent happened) => _core.Apply(new Stamped<AutoscalerEvent>(NowMs, happened));

    public void Change(AutoscalerOptions options)
    {
        Options = options;
        Apply(new OptionsChanged(options));
    }

    /// <summary>What the scheduler has to do from now on.</summary>
    public void Ask(long waiting, string resources = "", long running = 0, long meanMs = 0, bool isRestricted = false)
    {
        Demand.Clear();
        AskToo(waiting, resources, running, meanMs, isRestricted);
    }

    public void AskToo(long waiting, string resources = "", long running = 0, long meanMs = 0, bool isRestricted = false) =>
        Demand.Add(new DemandRow(ResourceAmounts.Parse(resources), waiting, running, meanMs * 1_000_000, isRestricted));

    /// <summary>The system takes the request, and lists the nodes as they are then.</summary>
    public void Take(LaunchNodes launch, ObservedState state = ObservedState.Waiting)
    {
        Apply(new LaunchAnswered(launch.Type, launch.First, launch.Count, null));
        for (var number = launch.First; number < launch.First + launch.Count; number++)
        {
            Set($"{launch.Type}-{number}", state, launch.IsSpot);
        }
    }

    public void Refuse(LaunchNodes launch, LaunchFailureKind kind, string message = "no") =>
        Apply(new LaunchAnswered(launch.Type, launch.First, launch.Count, new LaunchFailure(kind, message)));

    public void Set(string node, ObservedState state, bool isSpot = false, string? detail = null) => Nodes[Key(node)] = new ObservedNode(Key(node), state, isSpot, detail);

    /// <summary>A node that runs, with a worker that has all its slots.</summary>
    public void Run(string node, int running = 0, long forMs = 0, long idleMs = 0, long bytes = 0, int inside = 0, bool isSpot = false)
    {
        Set(node, ObservedState.Running, isSpot);
        Workers[node] = new ObservedWorker
        {
            Name = node,
            Node = Key(node),
            Slots = Options.NodeTypes.FirstOrDefault(type => type.Name == Key(node).Type)?.Slots ?? 1,
            Assigned = running + inside,
            Running = running,
            LongestRunningMs = forMs,
            WaitingInside = inside,
            IdleMs = running + inside > 0 ? 0 : idleMs,
            StoredBytes = bytes,
        };
    }

    public void Change(string worker, Func<ObservedWorker, ObservedWorker> how) => Workers[worker] = how(Workers[worker]);

    public void Go(string node)
    {
        Nodes.Remove(Key(node));
        Workers.Remove(node);
    }
}
