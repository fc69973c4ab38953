using Weft.Primitives;
using Weft.Protocol;
using Weft.Worker;
using Weft.Worker.Core;
using V1 = Weft.Protocol.V1;

namespace Weft.Simulation.Tests;

/// <summary>
/// One incarnation of a worker: the real core and the real mappers, with a store, slots and fetches that run on simulated time.
/// It ends with a crash, a dismissal or a goodbye, and never comes back; its <see cref="WorkerSeat"/> starts another.
/// </summary>
internal sealed class WorkerProcess
{
    /// <summary>How long a slot takes to give back what it has not begun.</summary>
    public const int YieldUsMax = 300;

    private readonly Simulation _simulation;
    private readonly SimulationRandom _random;
    private readonly WorkerSeat _seat;
    private readonly SlotExecutor _executor;
    private readonly List<WorkerEvent> _events = [];
    private readonly List<V1.WorkerBatch> _batches = [];
    private readonly Dictionary<TaskId, StoredValue> _store = [];
    private readonly UnacknowledgedBatches _unacknowledged = new();
    private ulong _lastNumber;
    private WorkerConnection _connection;
    private bool _wasWelcomed;
    private uint _restarts;
    private bool _isConnected;
    private bool _isLeaving;
    private long _pausedUntilUs;
    private long _timerMs = long.MaxValue;
    private bool _flushPlanned;

    public WorkerProcess(Simulation simulation, SimulationRandom random, WorkerSeat seat, string address)
    {
        _simulation = simulation;
        _random = random;
        _seat = seat;
        Address = address;
        Core = new WorkerCore(seat.Slots, new WorkerCoreLimits { TasksPerFetchMax = random.Between(1, 8), StartedAfterMs = random.Chance(500) ? 5 : 1, ChunkTasksMax = random.Between(1, 64), StoryLength = 512 });
        _executor = new SlotExecutor(simulation, this, random.Fork(), seat.Slots);
        _connection = NewConnection();
    }

    public WorkerCore Core { get; }

    public WorkerActionList Actions { get; } = new();

    public string Address { get; }

    public bool IsAlive { get; private set; } = true;

    public bool IsConnected => IsAlive && _isConnected;

    public bool IsPaused => _simulation.Clock.NowUs < _pausedUntilUs;

    public IReadOnlyCollection<TaskId> Stored => _store.Keys;

    public long StoredBytes => _store.Values.Sum(value => value.Bytes);

    internal readonly record struct StoredValue(byte[] Value, long Bytes);

    public void Start()
    {
        Connect();
        Heartbeat();
    }

    /// <summary>The connection breaks, or the scheduler is gone: it comes back, sooner or later than it is missed.</summary>
    public void Break()
    {
        if (!IsAlive || !_isConnected)
        {
            return;
        }

        if (_isLeaving)
        {
            // It was about to go anyway.
            GoAway();
            return;
        }

        var broken = _connection;
        _isConnected = false;
        broken.Break();
        _simulation.Clock.After(_random.Between(1, 2_000_000), () => _simulation.Scheduler.OnWorkerGone(broken, "its connection broke", isGraceful: false));
        _simulation.Clock.After(_random.Between(1_000, 3_000_000), () => WhenAwake(ComeBack));
    }

    /// <summary>One direction of its connection delivers nothing for a while; then all comes at once, or the connection is found broken.</summary>
    public void Partition(bool isFromWorker, long us, bool breaks)
    {
        var connection = _connection;
        connection.Hold(isFromWorker, us);
        if (breaks)
        {
            _simulation.Clock.After(us, () => WhenAwake(() =>
            {
                if (connection == _connection)
                {
                    Break();
                }
            }));
        }
    }

    private WorkerConnection NewConnection() =>
        new(_seat.HelloAt(Address), _simulation.NewLink(mayOvertake: true), _simulation.NewLink(mayOvertake: false), this);

    private void ComeBack()
    {
        _connection = NewConnection();
        if (_wasWelcomed)
        {
            Apply(new CameBack());
            var running = new List<AttemptRun>();
            var own = new List<OwnResults>();
            Core.AddRunning(running);
            Core.AddOwnResults(own);
            _connection.Hello.Resumed = true;
            _connection.Hello.Restarts = _restarts;
            WorkerHelloWriter.Write(running, own, _connection.Hello);
            _connection.Hello.Pauses = Core.Pauses;
        }

        Connect();
    }

    private void Connect()
    {
        var connection = _connection;
        connection.NextNumber = _unacknowledged.All().FirstOrDefault()?.Number ?? _lastNumber + 1;
        _isConnected = true;
        connection.ToScheduler.Send(() => _simulation.Scheduler.OnWorkerHello(connection), mayRepeat: false);
        foreach (var batch in _unacknowledged.All())
        {
            Send(batch);
        }

        PlanFlush();

        // The scheduler may have died while the hello was on its way.
        _simulation.Clock.After(5_000_000, () => WhenAwake(() =>
        {
            if (connection == _connection && _isConnected && !connection.IsWelcomed)
            {
                Break();
            }
        }));
    }

    public void OnOrders(WorkerConnection connection, V1.WorkerOrders orders) => WhenAwake(() =>
    {
        if (connection != _connection)
        {
            return;
        }

        if (orders.Welcome is { } welcome && !_wasWelcomed)
        {
            _restarts = welcome.Restarts;
        }

        _wasWelcomed = true;
        connection.IsWelcomed = true;
        if (orders.ReceivedUpTo > 0)
        {
            _unacknowledged.Acknowledge(orders.ReceivedUpTo);
        }

        if (orders.Stop is { Restart: true })
        {
            End();
            _seat.StartAnother(_random.Between(1, _simulation.Faults.RestartUsMax));
            return;
        }

        if (orders.Stop is not null)
        {
            GoAway();
            return;
        }

        _events.Clear();
        WorkerOrdersReader.Read(orders, _events);
        foreach (var happened in _events.ToArray())
        {
            Apply(happened);
        }
    });

    public void OnDismissed(WorkerConnection connection, bool mayReturn) => WhenAwake(() =>
    {
        if (connection != _connection)
        {
            return;
        }

        if (mayReturn)
        {
            Break();
            return;
        }

        End();
        _seat.StartAnother(_random.Between(50_000, 400_000));
    });

    /// <summary>The process is killed, with all that it holds. When the scheduler notices is another matter.</summary>
    public void Crash(long noticedAfterUs, int tellsPermille)
    {
        // Its supervisor tells what ran, unless it is gone too.
        if (_connection.Hello.Supervised && _random.Chance(tellsPermille))
        {
            var death = new V1.WorkerDeath { Name = _seat.Name, Incarnation = _connection.Hello.Incarnation, Detail = "signal 9" };
            var running = new List<AttemptRun>();
            Core.AddRunning(running);
            death.Running.AddRange(running.Select(run => run.Run.Slice(0, 1).ToMessage(run.Attempt)));
            _simulation.Clock.After(_random.Magnitude(1, 3_000_000), () => _simulation.Scheduler.OnDeathReport(death));
        }

        End();
        _seat.StartAnother(_random.Between(1, _simulation.Faults.RestartUsMax));
        var connection = _connection;
        _simulation.Clock.After(noticedAfterUs, () => _simulation.Scheduler.OnWorkerGone(connection, "its connection ended", isGraceful: false));
    }

    /// <summary>It asks to be let go, and waits for it; in a hurry it goes all the same.</summary>
    public void Leave(string reason, long withinUs)
    {
        if (!IsAlive)
        {
            return;
        }

        Apply(new DrainBegan());
        Send(new V1.WorkerBatch { Leaving = new V1.Leaving { Reason = reason } });
        _isLeaving = true;
        _simulation.Clock.After(withinUs, () =>
        {
            if (IsAlive)
            {
                GoAway();
            }
        });
    }

    /// <summary>With a goodbye, unless something runs that would not end.</summary>
    private void GoAway()
    {
        // What ended and is not known to have been heard might be overtaken by the goodbye: that is not one.
        var isGraceful = Core.RunningSlots + Core.WaitingInside == 0 && Actions.Reports.IsEmpty && !_unacknowledged.All().Any();
        End();
        _seat.StartAnother(_random.Between(1, _simulation.Faults.RestartUsMax));
        var connection = _connection;
        connection.ToScheduler.Send(() => _simulation.Scheduler.OnWorkerGone(connection, "it said goodbye", isGraceful), mayRepeat: false);
    }

    /// <summary>It stands still.</summary>
    public void Pause(long us) => _pausedUntilUs = _simulation.Clock.NowUs + us;

    /// <summary>Until when it stood, or stands, still.</summary>
    public long StoodStillUntilUs => _pausedUntilUs;

    /// <summary>Its memory is near its limit, and after a while it is not.</summary>
    public void FillMemory(long us)
    {
        MemoryFilledUs = Core.IsPaused ? MemoryFilledUs : _simulation.Clock.NowUs;
        Apply(new PauseBegan());
        _simulation.Clock.After(us, () => WhenAwake(() => Apply(new PauseEnded())));
    }

    /// <summary>When its memory was filled last.</summary>
    public long MemoryFilledUs { get; private set; }

    public bool TryRead(TaskId task, out StoredValue value) => _store.TryGetValue(task, out value);

    public void Put(TaskId task, byte[] value, long bytes) => _store[task] = new StoredValue(value, bytes);

    /// <summary>Runs something of this process unless it is dead; while it stands still, later.</summary>
    public void WhenAwake(Action what)
    {
        if (!IsAlive)
        {
            return;
        }

        if (IsPaused)
        {
            _simulation.Clock.At(_pausedUntilUs, () => WhenAwake(what));
            return;
        }

        what();
    }

    public void Apply(WorkerEvent happened)
    {
        if (!IsAlive)
        {
            return;
        }

        Core.Apply(new Stamped<WorkerEvent>(_simulation.Clock.NowMs, happened), Actions);
        _simulation.BeforeOrders(this);
        CarryOut();
        _simulation.AfterWorkerStep(this);
        PlanFlush();
        ArmTimer();
    }

    private void CarryOut()
    {
        foreach (var keep in Actions.Keeps)
        {
            for (var i = 0; i < keep.Run.Count; i++)
            {
                Put(keep.Run.First + i, keep.Values[i].ToArray(), keep.Values.LengthOf(i));
            }
        }

        // Runs read their inputs now: what this very step frees is freed after it.
        foreach (var run in Actions.Runs)
        {
            _executor.Begin(run);
        }

        foreach (var resume in Actions.Resumes)
        {
            _executor.Resume(resume);
        }

        foreach (var cancel in Actions.Cancels)
        {
            _executor.Cancel(cancel);
        }

        foreach (var slot in Actions.Yields)
        {
            _simulation.Clock.After(_random.Below(YieldUsMax), () => WhenAwake(() => _executor.Yield(slot)));
        }

        foreach (var fetch in Actions.Fetches)
        {
            Fetch(fetch);
        }

        foreach (var run in Actions.Frees)
        {
            for (var i = 0; i < run.Count; i++)
            {
                _store.Remove(run.First + i);
            }
        }

        Actions.ClearOrders();
    }

    private void Fetch(FetchValues fetch)
    {
        var peer = _simulation.FindProcess(fetch.Peer.Address);
        var faults = _simulation.Faults;
        var delay = 1 + _random.Below(faults.DelayUsMax);
        if (peer is null || !peer.IsAlive || peer.IsPaused || (!_simulation.Weather.IsCalm && _random.Chance(faults[Fault.FailedFetches])))
        {
            _simulation.Clock.After(delay, () => WhenAwake(() => Apply(new FetchEnded(fetch.Fetch, FetchOutcome.PeerLost))));
            return;
        }

        _simulation.Clock.After(delay, () =>
        {
            // The values as they are at the peer when the request comes there.
            var found = fetch.Tasks.Where(task => peer.IsAlive && peer.TryRead(task, out _)).Select(task => (Task: task, Value: peer._store[task])).ToList();
            var outcome = peer.IsAlive ? FetchOutcome.Answered : FetchOutcome.PeerLost;
            _simulation.Clock.After(1 + _random.Below(faults.DelayUsMax), () => WhenAwake(() => Receive(fetch, found, outcome)));
        });
    }

    private void Receive(FetchValues fetch, List<(TaskId Task, StoredValue Value)> found, FetchOutcome outcome)
    {
        foreach (var (task, value) in found)
        {
            // A value that nobody waits for any more is put and freed again by the core's own word.
            if (!_store.ContainsKey(task))
            {
                Put(task, value.Value, value.Bytes);
            }

            Apply(new ValueFetched(fetch.Fetch, task, value.Bytes));
        }

        Apply(new FetchEnded(fetch.Fetch, outcome));
    }

    private void PlanFlush()
    {
        if (!Actions.Reports.IsEmpty && !_flushPlanned && _isConnected)
        {
            _flushPlanned = true;
            _simulation.Clock.After(Core.RunningSlots == 0 ? 0 : _random.Below(1000), () => WhenAwake(Flush));
        }
    }

    private void Flush()
    {
        _flushPlanned = false;
        if (!_isConnected)
        {
            return;
        }

        var reports = Actions.TakeReports();
        _batches.Clear();
        WorkerBatchWriter.Write(reports, _batches, bytesSoft: _random.Chance(300) ? 64 : 1 << 18);
        Actions.Recycle(reports);
        foreach (var batch in _batches)
        {
            _unacknowledged.Keep(batch);
            _lastNumber = Math.Max(_lastNumber, batch.Number);
            Send(batch);
        }
    }

    private void Send(V1.WorkerBatch batch)
    {
        var connection = _connection;
        connection.ToScheduler.Send(() => _simulation.Scheduler.OnWorkerBatch(connection, batch), mayRepeat: true);
    }

    private void Heartbeat()
    {
        WhenAwake(() => Send(new V1.WorkerBatch { Heartbeat = new V1.Heartbeat() }));
        if (IsAlive)
        {
            _simulation.Clock.After(4_000_000, Heartbeat);
        }
    }

    private void ArmTimer()
    {
        if (Core.NextDeadlineMs is { } due && (due < _timerMs || _timerMs <= _simulation.Clock.NowMs))
        {
            _timerMs = due;
            _simulation.Clock.At(due * 1000, () => WhenAwake(() =>
            {
                _timerMs = long.MaxValue;
                Apply(new DeadlinePassed());
            }));
        }
    }

    private void End()
    {
        IsAlive = false;
        _connection.CloseToWorker();
        _store.Clear();
    }
}
