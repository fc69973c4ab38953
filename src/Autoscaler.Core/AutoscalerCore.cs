using Weft.Primitives;

namespace Weft.Autoscaler.Core;

/// <summary>
/// Decides how many nodes of which type there should be. Pure: what there is goes in with the time, what to do comes out; equal inputs give equal outputs. The rules are in docs/autoscaling.md.
/// </summary>
public sealed partial class AutoscalerCore
{
    /// <summary>The node type of the head, which is not the autoscaler's to end.</summary>
    public const string HeadType = "head";

    /// <summary>For how long a worker has to be paused before its free slots are no room.</summary>
    private const long PauseBelievedMs = 10_000;

    /// <summary>For how long a worker has to be leaving before its free slots are no room: the end of a lifetime is over by then, and the process started again.</summary>
    private const long LeavingBelievedMs = 2 * 60_000;

    private readonly SortedDictionary<NodeKey, NodeEntry> _nodes = [];
    private readonly SortedDictionary<string, int> _highest = new(StringComparer.Ordinal);
    private readonly SortedDictionary<(string Type, bool IsSpot), Market> _markets = [];
    private readonly Orders _orders = new();
    private AutoscalerOptions _options;
    private int _typesOfFile;
    private IReadOnlyList<ObservedWorker> _workers = [];
    private Dictionary<string, long> _pausedMs = [];
    private Dictionary<string, long> _leavingMs = [];
    private long _nowMs;

    /// <exception cref="ArgumentException">The options do not go together.</exception>
    public AutoscalerCore(AutoscalerOptions options)
    {
        options.Validate();
        _options = options;
        _typesOfFile = options.NodeTypes.Count;
    }

    /// <summary>As of the last observation.</summary>
    public AutoscalerReport Report { get; private set; } = AutoscalerReport.Empty;

    /// <returns>What is to be done, in this order.</returns>
    /// <exception cref="ArgumentException">New options do not go together: the old ones hold.</exception>
    public IReadOnlyList<AutoscalerAction> Apply(in Stamped<AutoscalerEvent> happened)
    {
        _nowMs = Math.Max(_nowMs, happened.TimeMs);
        switch (happened.Event)
        {
            case Observed observed:
                OnObserved(observed.Observation);
                break;
            case LaunchAnswered answered:
                OnLaunchAnswered(answered);
                break;
            case NumbersGivenOut given:
                foreach (var last in given.Last)
                {
                    NoteNumber(last);
                }

                break;
            case OptionsChanged changed:
                OnOptionsChanged(changed.Options);
                break;
        }

        return _orders.Take();
    }

    private void OnOptionsChanged(AutoscalerOptions options)
    {
        options.Validate();
        _options = options;
        _typesOfFile = options.NodeTypes.Count;
        _markets.Clear();
        _marks.Clear();
        foreach (var node in _nodes.Values)
        {
            node.Type = TypeOf(node.Key);
        }
    }

    /// <summary>
    /// A type's place in the options, at -1 for the head's. One that the file does not name (any more) gets a place behind the others, with a maximum of none: its nodes go as soon as they are idle.
    /// </summary>
    private int TypeOf(NodeKey key)
    {
        if (key.Type == HeadType)
        {
            return -1;
        }

        for (var type = 0; type < _options.NodeTypes.Count; type++)
        {
            if (_options.NodeTypes[type].Name == key.Type)
            {
                return type;
            }
        }

        _options = _options with { NodeTypes = [.. _options.NodeTypes, new NodeTypeOptions { Name = key.Type, Slots = 1, WorkersMax = 0 }] };
        return _options.NodeTypes.Count - 1;
    }

    private Market MarketOf(int type, bool isSpot)
    {
        var key = (_options.NodeTypes[type].Name, isSpot);
        if (!_markets.TryGetValue(key, out var market))
        {
            _markets.Add(key, market = new Market());
        }

        return market;
    }

    private void Fail(NodeEntry node, LaunchFailure failure) =>
        MarketOf(node.Type, node.IsSpot).Fail(failure, _nowMs, _options.BackOffFirstMs, _options.BackOffMaxMs);

    private void Drain(NodeEntry node, string reason)
    {
        node.DrainBeganMs = node.DrainSaidMs = _nowMs;
        node.DrainReason = reason;
        _orders.Drain(node.Key, reason);
    }

    private void Terminate(NodeEntry node, string reason)
    {
        node.TerminateSaidMs = _nowMs;
        node.TerminateReason = reason;
        _orders.Terminate(node.Key, reason);
    }

    /// <summary>Nodes that stay, by type.</summary>
    private int[] CountStaying(Func<NodeEntry, bool>? which = null)
    {
        var staying = new int[_options.NodeTypes.Count];
        foreach (var node in _nodes.Values)
        {
            staying[node.Type] += node.IsStaying && (which is null || which(node)) ? 1 : 0;
        }

        return staying;
    }
}
