using System.Globalization;
using Google.Protobuf;
using Weft.Primitives;
using Weft.Scheduler;
using Weft.Scheduler.Core;
using V1 = Weft.Protocol.V1;

namespace Weft.Simulation.Tests;

/// <summary>
/// The scheduler's shell on simulated time: the real core and the real mappers. As the real loop it takes what has come as one batch, applies each
/// event, plans once, and writes what is to be done into one message for each peer.
/// </summary>
internal sealed class SimulatedScheduler
{
    private const int BatchMax = 256;

    private readonly Simulation _simulation;
    private readonly SimulationRandom _random;
    private readonly Queue<Action> _inbox = new();
    private readonly ActionList _actions = new();
    private readonly SortedDictionary<int, WorkerConnection> _workers = [];
    private readonly SortedDictionary<uint, ClientConnection> _clients = [];
    private readonly SortedSet<uint> _resumable = [];
    private readonly FunctionTable _functions = new();
    private readonly SchedulerOptions _options;
    private readonly int _planBudget;
    private bool _isAwake;
    private long _timerMs = long.MaxValue;
    private int _lastWorker;
    private uint _lastSession;

    public SimulatedScheduler(Simulation simulation, SimulationRandom random)
    {
        _simulation = simulation;
        _random = random;
        _planBudget = random.Chance(300) ? random.Between(1, 20) : 4096;
        _options = new SchedulerOptions
        {
            Epoch = 7,
            KeepsFacts = true,
            InlineBytesMax = 16,
            ImmediateBytesMax = random.Chance(500) ? 64 : 1 << 20,
            PrefillNs = random.Chance(300) ? random.Between(100_000, 5_000_000) : 20_000_000,
            PrefillTasksMax = random.Chance(200) ? random.Between(2, 8) : 16_384,
            AllowedFailures = simulation.MayBeKilled ? random.Between(0, 2) : 250,
            WorkerLeaseMs = Simulation.LeaseMs,
            SessionKeepMs = Simulation.SessionKeepMs,
            StoryEntriesMax = 4096,
        };
        Core = NewCore(Epoch);
    }

    public SchedulerCore Core { get; }

    public uint Epoch => _options.Epoch;

    /// <summary>All facts since the start.</summary>
    public List<SchedulerFact> Facts { get; } = [];

    public SchedulerCore NewCore(uint epoch) => new(_options with { Epoch = epoch });

    public List<SchedulerFact> Snapshot()
    {
        List<SchedulerFact> facts = [.. _resumable.Select(session => new SessionOpened(new SessionId(session), default))];
        Core.AddSnapshot(facts);
        return facts;
    }

    public void OnWorkerHello(WorkerConnection connection) => Post(() =>
    {
        connection.Id = new WorkerId(++_lastWorker);
        connection.Orders = new WorkerOrdersWriter(_functions);
        _workers.Add(connection.Id.Value, connection);
        Apply(new WorkerJoined(connection.Id, WorkerBatchReader.ReadHello(connection.Hello)));
    });

    public void OnWorkerBatch(WorkerConnection connection, V1.WorkerBatch batch) =>
        Post(() => Apply(WorkerBatchReader.Read(connection.Id, batch)));

    public void OnWorkerGone(WorkerConnection connection, string reason, bool isGraceful) => Post(() =>
    {
        if (_workers.Remove(connection.Id.Value))
        {
            Apply(new WorkerLost(connection.Id, reason, isGraceful));
        }
    });

    public void OnClientHello(ClientConnection connection, V1.ClientHello hello) => Post(() =>
    {
        var isResumed = hello.ResumeSession != 0 && _resumable.Contains(hello.ResumeSession);
        connection.Session = new SessionId(isResumed ? hello.ResumeSession : ++_lastSession);
        connection.Reader = new ClientBatchReader(connection.Session, function => _functions.Add(function.Descriptor_, function.Name, function.Bundle));
        _clients[connection.Session.Value] = connection;
        if (_resumable.Add(connection.Session.Value))
        {
            Core.Facts.Add(new SessionOpened(connection.Session, default));
        }

        Apply(new SessionAttached(connection.Session));
        connection.Notify(new V1.ClientNotice
        {
            Welcome = new V1.ClientWelcome { Session = connection.Session.Value, Epoch = 7, SchedulerId = "simulated", Resumed = isResumed, ResumeKey = ByteString.CopyFromUtf8("key") },
        });
    });

    public void OnClientBatch(ClientConnection connection, V1.ClientBatch batch) => Post(() =>
    {
        Apply(connection.Reader!.Read(batch));
        if (batch.Goodbye)
        {
            _resumable.Remove(connection.Session.Value);
            _clients.Remove(connection.Session.Value);
        }
    });

    public void OnClientGone(ClientConnection connection) => Post(() =>
    {
        if (_clients.TryGetValue(connection.Session.Value, out var current) && current == connection)
        {
            _clients.Remove(connection.Session.Value);
            Apply(new SessionDetached(connection.Session));
        }
    });

    private void Post(Action what)
    {
        _inbox.Enqueue(what);
        Wake();
    }

    private void Wake()
    {
        if (!_isAwake)
        {
            _isAwake = true;
            _simulation.Clock.After(1 + _random.Below(_simulation.Weather.IsCalm ? 100 : _simulation.Faults.SchedulerUsMax), Turn);
        }
    }

    private void Turn()
    {
        for (var i = 0; i < BatchMax && _inbox.TryDequeue(out var what); i++)
        {
            what();
        }

        var isMore = Core.Plan(_planBudget, _actions);
        Facts.AddRange(Core.Facts.Span);
        Core.Facts.Clear();
        Apply(new FactsBecameSafe(Core.Facts.Noted));
        CarryOut();
        TellClients();
        _simulation.AfterTurn();
        ArmTimer();
        _isAwake = false;
        if (isMore || _inbox.Count > 0)
        {
            Wake();
        }
    }

    private void Apply(SchedulerEvent happened)
    {
        _simulation.BeforeApply(happened);
        Core.Apply(new Stamped<SchedulerEvent>(_simulation.Clock.NowMs, happened), _actions);
        _simulation.AfterApply(happened);
    }

    private void CarryOut()
    {
        var messages = new SortedDictionary<int, List<V1.WorkerOrders>>();
        foreach (ref readonly var action in _actions.Span)
        {
            _simulation.Note(action);
            switch (action.Kind)
            {
                case ActionKind.DismissWorker:
                    if (_workers.Remove(action.Target, out var dismissed))
                    {
                        dismissed.Dismiss();
                    }

                    break;
                case ActionKind.EndSession:
                    _resumable.Remove((uint)action.Target);
                    _clients.Remove((uint)action.Target);
                    break;
                default:
                    if (_workers.TryGetValue(action.Target, out var worker))
                    {
                        if (!messages.TryGetValue(action.Target, out var orders))
                        {
                            messages.Add(action.Target, orders = [new V1.WorkerOrders()]);
                        }

                        if (!WorkerOrdersWriter.Fits(orders[^1], action))
                        {
                            orders.Add(new V1.WorkerOrders());
                        }

                        worker.Orders!.Write(orders[^1], action, Core);
                    }

                    break;
            }
        }

        _actions.Clear();
        foreach (var (worker, orders) in messages)
        {
            if (_workers.TryGetValue(worker, out var connection))
            {
                orders.ForEach(connection.Order);
            }
        }
    }

    private void TellClients()
    {
        foreach (var session in Core.SessionsWithNews().ToList())
        {
            if (!_clients.TryGetValue(session.Value, out var client))
            {
                continue;
            }

            Core.TakeNews(session, _random.Chance(100) ? 64 : 1 << 20, _random.Chance(100) ? 10 : 1 << 18, _actions);
            if (_actions.Count > 0)
            {
                var notice = new V1.ClientNotice();
                foreach (ref readonly var action in _actions.Span)
                {
                    _simulation.Note(action);
                    ClientNoticeWriter.Write(notice, action, Core);
                }

                _actions.Clear();
                client.Notify(notice);
            }

            if (Core.HasNews(session))
            {
                Post(() => { });
            }
        }
    }

    private void ArmTimer()
    {
        var due = Core.NextDeadlineMs;
        if (due < _timerMs || _timerMs <= _simulation.Clock.NowMs)
        {
            _timerMs = due;
            if (due != long.MaxValue)
            {
                _simulation.Clock.At((due + 1) * 1000, () => Post(() => Apply(new ClockTicked())));
            }
        }
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"scheduler: {Core.LiveTasks} tasks, {Core.WorkerCount} workers, {string.Join(", ", Enum.GetValues<TaskPhase>().Select(phase => $"{phase} {Core.CountOf(phase)}"))}");
}
