using System.Globalization;
using Google.Protobuf;
using Weft.Primitives;
using Weft.Scheduler;
using Weft.Scheduler.Core;
using V1 = Weft.Protocol.V1;

namespace Weft.Simulation.Tests;

/// <summary>
/// The scheduler's shell on simulated time: the real core and the real mappers. As the real loop it takes what has come as one batch, applies each
/// event, plans once, writes what became true into its journal, and then what is to be done into one message for each peer. It may die, and
/// another begins from its journal.
/// </summary>
internal sealed class SimulatedScheduler
{
    private const int BatchMax = 256;

    private readonly Simulation _simulation;
    private readonly SimulationRandom _random;
    private readonly Queue<Action> _inbox = new();
    private readonly Queue<(long Facts, Action Do)> _whenSafe = new();
    private readonly ActionList _actions = new();
    private readonly SortedDictionary<int, WorkerConnection> _workers = [];
    private readonly Dictionary<int, WorkerProcess> _processes = [];
    private readonly SortedDictionary<uint, ClientConnection> _clients = [];
    private readonly SortedSet<uint> _resumable = [];
    private readonly SimulatedJournal _journal = new();
    private readonly List<SchedulerCore> _past = [];
    private readonly Dictionary<int, Action<RequestAnswer>> _requests = [];
    private int _lastRequest;
    private long _safeFacts;
    private readonly SchedulerOptions _options;
    private readonly int _planBudget;
    private FunctionTable _functions = new();
    private bool _isAwake;
    private long _pausedUntilUs;
    private int _noted;
    private bool _isAlive = true;
    private int _life;
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
            InlineBudgetBytes = random.Chance(300) ? random.Magnitude(8, 2_000) : 512L << 20,
            WorkerLeaseMs = Simulation.LeaseMs,
            SessionKeepMs = Simulation.SessionKeepMs,
            StoryEntriesMax = 4096,
        };
        Epoch = _options.Epoch;
        Core = NewCore(Epoch);
    }

    public SchedulerCore Core { get; private set; }

    public uint Epoch { get; private set; }

    /// <summary>It is dead, or waits for workers of before.</summary>
    public bool IsAway => !_isAlive || Core.IsRecovering;

    public bool IsDown => !_isAlive;

    /// <summary>Deaths so far.</summary>
    public int Deaths => _past.Count;

    /// <summary>By all schedulers together.</summary>
    public long Completed => Core.Completed + _past.Sum(core => core.Completed);

    public long Met(TaskPhase phase, TaskCause cause) => Core.Met[phase, cause] + _past.Sum(core => core.Met[phase, cause]);

    public SchedulerCore NewCore(uint epoch) => new(_options with { Epoch = epoch });

    public List<SchedulerFact> Facts() => _journal.Read();

    public List<SchedulerFact> Snapshot()
    {
        List<SchedulerFact> facts = [.. _resumable.Select(session => new SessionOpened(new SessionId(session), default)), .. _functions.Facts()];
        Core.AddSnapshot(facts);
        return facts;
    }

    /// <summary>It is killed, or its host loses power; after a while another takes its place.</summary>
    public void Die()
    {
        if (!_isAlive)
        {
            return;
        }

        _isAlive = false;
        _life++;
        _inbox.Clear();
        _whenSafe.Clear();
        _requests.Clear();
        _safeFacts = 0;
        _actions.Clear();
        foreach (var fact in _random.Chance(300) ? _journal.Cut(_random) : [])
        {
            _simulation.NoteLost(fact);
        }

        foreach (var worker in _workers.Values.ToList())
        {
            worker.LoseScheduler();
        }

        foreach (var client in _clients.Values.ToList())
        {
            client.LoseScheduler();
        }

        _workers.Clear();
        _clients.Clear();
        _simulation.Clock.After(_random.Magnitude(1_000, 20_000_000), BeginAgain);
    }

    /// <summary>It stands still: what comes meanwhile waits.</summary>
    public void Pause(long us) => _pausedUntilUs = _simulation.Clock.NowUs + us;

    /// <summary>An operator asks for workers to go.</summary>
    public void Drain(IReadOnlyList<WorkerProcess> processes) => Post(() => Apply(new DrainAsked(
        _workers.Values.Where(connection => processes.Contains(connection.Process)).Select(connection => connection.Id).ToList(), "the operator wants it")));

    /// <summary>Who has this number now; null: nobody.</summary>
    public WorkerProcess? ProcessOf(int worker) => _workers.GetValueOrDefault(worker)?.Process;

    /// <summary>Who has or had this number.</summary>
    public WorkerProcess? LastProcessOf(int worker) => _processes.GetValueOrDefault(worker);

    /// <summary>Whether a process is connected now, as far as the scheduler knows.</summary>
    public bool IsJoined(WorkerProcess process) => _workers.Values.Any(connection => connection.Process == process);

    public void OnWorkerHello(WorkerConnection connection) => Post(() =>
    {
        connection.Id = new WorkerId(++_lastWorker);
        connection.Orders = new WorkerOrdersWriter(_functions);
        _workers.Add(connection.Id.Value, connection);
        _processes[connection.Id.Value] = connection.Process;
        connection.Order(new V1.WorkerOrders { Welcome = new V1.WorkerWelcome { KnowsPast = true } });
        Apply(WorkerBatchReader.ReadJoined(connection.Id, connection.Hello, knowsPast: true));
        connection.Early.ForEach(batch => OnWorkerBatch(connection, batch));
    });

    public void OnWorkerBatch(WorkerConnection connection, V1.WorkerBatch batch) => Post(() =>
    {
        if (connection.Id == WorkerId.None)
        {
            // Whatever else overtakes: a stream begins with its hello.
            connection.Early.Add(batch);
            return;
        }

        if (!_workers.ContainsKey(connection.Id.Value))
        {
            return;
        }

        Apply(WorkerBatchReader.Read(connection.Id, batch));
        if (batch.Number > 0)
        {
            connection.Unsafe.Enqueue((Core.Facts.Noted, batch.Number));
        }
    });

    public void OnWorkerGone(WorkerConnection connection, string reason, bool isGraceful) => Post(() =>
    {
        if (_workers.TryGetValue(connection.Id.Value, out var current) && current == connection)
        {
            _workers.Remove(connection.Id.Value);
            Apply(new WorkerLost(connection.Id, reason, isGraceful));
        }
    });

    public void OnDeathReport(V1.WorkerDeath death) => Post(() => Apply(WorkerBatchReader.ReadDeath(death)));

    /// <summary>A call beside the streams: answered when what it changed is safe, and never by a scheduler that dies before.</summary>
    public void Request(Func<int, SchedulerEvent> eventOf, Action<RequestAnswer> answered) => Post(() =>
    {
        _requests.Add(++_lastRequest, answered);
        Apply(eventOf(_lastRequest));
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
        if (isResumed)
        {
            Welcome(connection, isResumed);
        }
        else
        {
            // A session that a client was told of is never forgotten.
            _whenSafe.Enqueue((Core.Facts.Noted, () => Welcome(connection, isResumed)));
        }
    });

    public void OnClientBatch(ClientConnection connection, V1.ClientBatch batch) => Post(() =>
    {
        var spoke = connection.Reader!.Read(batch);
        _functions.TakeNew(Core.Facts);
        Apply(spoke);
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

    private void BeginAgain()
    {
        _past.Add(Core);
        _noted = 0;
        Epoch++;
        Core = NewCore(Epoch);
        _functions = new FunctionTable();
        _isAlive = true;
        _isAwake = false;
        _pausedUntilUs = 0;
        _timerMs = long.MaxValue;
        _resumable.Clear();
        var facts = _journal.Read();
        foreach (var fact in facts)
        {
            switch (fact)
            {
                case SessionOpened opened: _resumable.Add(opened.Session.Value); break;
                case SessionClosed closed: _resumable.Remove(closed.Session.Value); break;
                case FunctionDefined function: _functions.Restore(function); break;
            }
        }

        Core.Restore(facts, _simulation.Clock.NowMs);
        Core.CheckInvariants();
        if (_random.Chance(500))
        {
            _journal.Replace(Snapshot());
        }

        Wake();
    }

    private void Post(Action what)
    {
        if (_isAlive)
        {
            _inbox.Enqueue(what);
            Wake();
        }
    }

    private void Wake()
    {
        if (!_isAwake)
        {
            _isAwake = true;
            PlanTurn(_simulation.Clock.NowUs + 1 + _random.Below(_simulation.Weather.IsCalm ? 100 : _simulation.Faults.SchedulerUsMax));
        }
    }

    private void PlanTurn(long us)
    {
        var life = _life;
        _simulation.Clock.At(us, () =>
        {
            if (!_isAlive || life != _life)
            {
                return;
            }

            if (_simulation.Clock.NowUs < _pausedUntilUs)
            {
                PlanTurn(_pausedUntilUs);
                return;
            }

            Turn();
        });
    }

    private void Turn()
    {
        for (var i = 0; i < BatchMax && _inbox.TryDequeue(out var what); i++)
        {
            what();
        }

        var isMore = Core.Plan(_planBudget, _actions);
        WriteFacts();
        CarryOut();
        TellClients();
        ArmTimer();
        _isAwake = false;
        if (isMore || _inbox.Count > 0)
        {
            Wake();
        }

        // The last of all: it may be the scheduler that is struck.
        _simulation.AfterTurn();
    }

    private void WriteFacts()
    {
        NoteFacts();
        if (Core.Facts.Count == 0)
        {
            return;
        }

        foreach (var fact in Core.Facts.Span)
        {
            _journal.Append(fact);
        }

        Core.Facts.Clear();
        _noted = 0;
        var (life, noted, written) = (_life, Core.Facts.Noted, _journal.Written);
        _simulation.Clock.After(_random.Between(1, 50_000), () =>
        {
            if (life == _life)
            {
                _journal.Sync(written);
                Post(() => OnSynced(noted));
            }
        });
    }

    /// <summary>Shows the checkers each fact next to the event of which it came.</summary>
    private void NoteFacts()
    {
        for (; _noted < Core.Facts.Count; _noted++)
        {
            _simulation.Note(Core.Facts.Span[_noted]);
        }
    }

    private void Welcome(ClientConnection connection, bool isResumed) => connection.Notify(new V1.ClientNotice
    {
        Welcome = new V1.ClientWelcome { Session = connection.Session.Value, Epoch = Epoch, SchedulerId = $"simulated {Epoch}", Resumed = isResumed, ResumeKey = ByteString.CopyFromUtf8("key") },
    });

    private void Answer(in SchedulerAction action)
    {
        if (_requests.Remove(action.Target, out var answered))
        {
            var answer = action.Answer;
            if (Core.Facts.Noted <= _safeFacts)
            {
                answered(answer);
            }
            else
            {
                _whenSafe.Enqueue((Core.Facts.Noted, () => answered(answer)));
            }
        }
    }

    private void OnSynced(long facts)
    {
        _safeFacts = Math.Max(_safeFacts, facts);
        while (_whenSafe.TryPeek(out var waiting) && waiting.Facts <= facts)
        {
            _whenSafe.Dequeue().Do();
        }

        Apply(new FactsBecameSafe(facts));
        foreach (var worker in _workers.Values)
        {
            var upTo = 0UL;
            while (worker.Unsafe.TryPeek(out var batch) && batch.Facts <= facts)
            {
                upTo = worker.Unsafe.Dequeue().Number;
            }

            if (upTo > 0)
            {
                worker.Order(new V1.WorkerOrders { ReceivedUpTo = upTo });
            }
        }
    }

    private void Apply(SchedulerEvent happened)
    {
        _simulation.BeforeApply(happened);
        Core.Apply(new Stamped<SchedulerEvent>(_simulation.Clock.NowMs, happened), _actions);
        NoteFacts();
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
                        dismissed.Dismiss(action.MayReturn);
                    }

                    break;
                case ActionKind.Warn:
                    break;
                case ActionKind.AnswerRequest:
                    Answer(action);
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
                var life = _life;
                _simulation.Clock.At((due + 1) * 1000, () =>
                {
                    if (life == _life)
                    {
                        Post(() => Apply(new ClockTicked()));
                    }
                });
            }
        }
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"scheduler: epoch {Epoch}, {(Core.IsRecovering ? "recovering, " : "")}{Core.LiveTasks} tasks, {Core.WorkerCount} workers, {string.Join(", ", Enum.GetValues<TaskPhase>().Select(phase => $"{phase} {Core.CountOf(phase)}"))}");
}
