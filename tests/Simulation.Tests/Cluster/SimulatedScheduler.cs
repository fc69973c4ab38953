using System.Globalization;
using Google.Protobuf;
using Weft.Primitives;
using Weft.Scheduler;
using Weft.Scheduler.Core;
using V1 = Weft.Protocol.V1;

namespace Weft.Simulation.Tests;

/// <summary>
/// The scheduler's shell on simulated time: the real core and the real mappers. Here is whom it knows, and what its peers say to it;
/// beside it how it lives and dies, and what it does in a turn.
/// </summary>
internal sealed partial class SimulatedScheduler
{
    private readonly Simulation _simulation;
    private readonly SimulationRandom _random;
    private readonly SortedDictionary<int, WorkerConnection> _workers = [];
    private readonly Dictionary<int, WorkerProcess> _processes = [];
    private readonly SortedDictionary<uint, ClientConnection> _clients = [];
    private readonly SortedSet<uint> _resumable = [];
    private readonly SchedulerOptions _options;
    private FunctionTable _functions = new();
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

    /// <summary>An operator asks for workers to go.</summary>
    public void Drain(IReadOnlyList<WorkerProcess> processes) => Post(() => Apply(new DrainAsked(
        _workers.Values.Where(connection => processes.Contains(connection.Process)).Select(connection => connection.Id).ToList(), "the operator wants it")));

    /// <summary>A client restarts the cluster.</summary>
    public void Restart() => Request(static number => new RestartAsked(number), static _ => { });

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
        connection.Order(new V1.WorkerOrders { Welcome = new V1.WorkerWelcome { KnowsPast = true, Restarts = (uint)Core.Restarts } });
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
        connection.Reader = new ClientBatchReader(connection.Session, function => _functions.Add(connection.Session, function.Descriptor_, function.Name, function.Bundle));
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

    private void Welcome(ClientConnection connection, bool isResumed) => connection.Notify(new V1.ClientNotice
    {
        Welcome = new V1.ClientWelcome { Session = connection.Session.Value, Epoch = Epoch, SchedulerId = $"simulated {Epoch}", Resumed = isResumed, ResumeKey = ByteString.CopyFromUtf8("key") },
    });

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"scheduler: epoch {Epoch}, {(Core.IsRecovering ? "recovering, " : "")}{Core.LiveTasks} tasks, {Core.WorkerCount} workers, {string.Join(", ", Enum.GetValues<TaskPhase>().Select(phase => $"{phase} {Core.CountOf(phase)}"))}");
}
