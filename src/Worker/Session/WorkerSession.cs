using Weft.Primitives;
using Weft.Worker.Core;
using V1 = Weft.Protocol.V1;

namespace Weft.Worker;

/// <summary>
/// One incarnation of the worker: its core, its values and its threads, over however many connections. One lock is around the core and the reports that wait to be sent; whoever brings an event applies it on its own thread, so that a slot
/// takes its next chunk without a handoff.
/// </summary>
internal sealed partial class WorkerSession : IDisposable
{
    /// <summary>Reports that may be unsent, or not yet safe with the scheduler; beyond it slots begin nothing new, below half of it they go on.</summary>
    private const long UnsentBytesMax = 64 << 20;

    private readonly Lock _gate = new();
    private readonly WorkerCore _core;
    private readonly WorkerActionList _actions = new();
    private readonly List<WorkerEvent> _followUps = [];
    private readonly List<WorkerEvent> _reports = [];
    private readonly SlotThreads _threads;
    private readonly FunctionTable _functions;
    private readonly SessionSetups _setups;
    private readonly PeerFetcher _fetcher;
    private readonly Timer _deadline;
    private readonly CancellationTokenSource _ending = new();
    private readonly WorkerHostOptions _options;
    private readonly InsideClients _insideClients;
    private readonly int _slots;
    private long _armedFor = long.MaxValue;
    private bool _isOutboxFull;
    private bool _isOver;
    private TaskCompletionSource? _drained;

    public WorkerSession(WorkerHostOptions options, int inlineBytesMax, CodeLibrary code, PeerChannels peers, InsideClients insideClients)
    {
        _options = options;
        _insideClients = insideClients;
        _slots = options.Slots;
        _core = new WorkerCore(options.Slots, options.Limits);
        _functions = new FunctionTable(code, _ending.Token);
        _setups = new SessionSetups(RunSetup, reason => _unfit.TrySetResult(reason), _ending.Token);
        _fetcher = new PeerFetcher(Store, peers, options.FetchTimeout, Apply, _ending.Token);
        _threads = new SlotThreads(options.Slots, options.LifePage?.Running ?? default, number => new SlotThread(this, number, Store, inlineBytesMax));
        _deadline = new Timer(static session => ((WorkerSession)session!).OnDeadline(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Outbox = new Outbox(this);
        Logs = new LogCollector(options.Name, Outbox.Signal);
    }

    public ObjectStore Store { get; } = new();

    public Outbox Outbox { get; }

    public LogCollector Logs { get; }

    /// <summary>Cancelled when the incarnation ends.</summary>
    public CancellationToken Ending => _ending.Token;

    /// <summary>Which rule of the core's own was broken; null: none.</summary>
    public string? Broken { get; private set; }

    /// <summary>Carries out one message of the scheduler.</summary>
    /// <exception cref="InvalidDataException">It is malformed.</exception>
    public void Take(V1.WorkerOrders orders, List<WorkerEvent> scratch)
    {
        if (orders.ReceivedUpTo > 0)
        {
            Outbox.Acknowledge(orders.ReceivedUpTo);
            LookForRoom();
        }

        foreach (var function in orders.Functions)
        {
            _functions.Define(function);
        }

        foreach (var setup in orders.Setups)
        {
            _setups.Take(setup);
        }

        scratch.Clear();
        WorkerOrdersReader.Read(orders, scratch);
        foreach (var happened in scratch)
        {
            Apply(happened);
        }
    }

    public void Apply(WorkerEvent happened)
    {
        lock (_gate)
        {
            if (!_isOver)
            {
                ApplyLocked(happened);
                Announce();
            }
        }
    }

    /// <summary>Readies itself for another scheduler, or the same again, and says what it runs and holds.</summary>
    public void ComeBack(V1.WorkerHello hello)
    {
        var running = new List<AttemptRun>();
        var own = new List<OwnResults>();
        lock (_gate)
        {
            if (_isOver)
            {
                return;
            }

            ApplyLocked(new CameBack());
            _core.AddRunning(running);
            _core.AddOwnResults(own);
            hello.Pauses = _core.Pauses;
        }

        WorkerHelloWriter.Write(running, own, hello);
    }

    /// <summary>Takes what is to be sent; given back by <see cref="Taken"/>.</summary>
    public WorkerReports TakeReports()
    {
        lock (_gate)
        {
            return _actions.TakeReports();
        }
    }

    public void Taken(WorkerReports reports)
    {
        lock (_gate)
        {
            _actions.Recycle(reports);
        }

        LookForRoom();
    }

    private void LookForRoom()
    {
        lock (_gate)
        {
            if (_isOutboxFull && !_isOver && UnsafeBytes < UnsentBytesMax / 2)
            {
                _isOutboxFull = false;
                ApplyLocked(new OutboxDrained());
                Announce();
            }
        }
    }

    public (long Queued, int Running) Load()
    {
        lock (_gate)
        {
            return (_core.QueuedTasks, _core.RunningSlots);
        }
    }

    /// <summary>The task that each thread runs, or waits inside of.</summary>
    public IReadOnlyList<(TaskId Task, Attempt Attempt)> Running()
    {
        lock (_gate)
        {
            return [.. _threads.All.Where(static thread => thread is { IsRunning: true, IsAbandoned: false }).Select(static thread => (thread.Chunk.Current, thread.Chunk.Attempt))];
        }
    }

    /// <summary>Whether its writer gets on; does not return while its lock is held by somebody.</summary>
    public bool Moves()
    {
        lock (_gate)
        {
            return !Outbox.IsStuck;
        }
    }

    public string Story(TaskId task)
    {
        lock (_gate)
        {
            return _core.Story(task);
        }
    }

    /// <summary>Begins nothing new while the process's memory is near its limit. Said again it changes nothing.</summary>
    public void SetPaused(bool isPaused)
    {
        lock (_gate)
        {
            if (!_isOver && _core.IsPaused != isPaused)
            {
                ApplyLocked(isPaused ? new PauseBegan() : new PauseEnded());
                Announce();
            }
        }
    }

    /// <summary>Begins nothing new; completes when nothing runs any more.</summary>
    public Task DrainAsync()
    {
        lock (_gate)
        {
            if (_isOver)
            {
                return Task.CompletedTask;
            }

            _drained ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            ApplyLocked(new DrainBegan());
            Announce();
            return _drained.Task;
        }
    }

    /// <summary>Ends the incarnation: running tasks are cancelled and their ends reported to nobody, values are dropped.</summary>
    public void Dispose()
    {
        List<CancellationTokenSource> running = [];
        lock (_gate)
        {
            if (_isOver)
            {
                return;
            }

            _isOver = true;
            foreach (var thread in _threads.All)
            {
                if (thread.IsRunning && thread.Chunk.CancelCurrent() is { } cancellation)
                {
                    running.Add(cancellation);
                }

                thread.Chunk.ShowIn(RunningEntry.None);
                thread.Chunk.Stop.Request();
                thread.Wait.Resume();
                thread.End();
            }

            _drained?.TrySetResult();
        }

        _deadline.Dispose();
        Outbox.Dispose();
        _ending.Cancel();
        CancelOnPool(running);
        Store.Clear();
    }

    private void ApplyLocked(WorkerEvent happened)
    {
        try
        {
            _core.Apply(new Stamped<WorkerEvent>(Environment.TickCount64, happened), _actions);
            while (_actions.HasOrders)
            {
                CarryOut();
                for (var place = 0; place < _followUps.Count; place++)
                {
                    _core.Apply(new Stamped<WorkerEvent>(Environment.TickCount64, _followUps[place]), _actions);
                }

                _followUps.Clear();
            }
        }
        catch (InvariantException broken)
        {
            // Nothing that this incarnation says from here on can be trusted; the host ends it. In an embedded cluster the user's program goes on.
            Broken = broken.Message;
            _ending.CancelAsync();
        }
    }

    /// <summary>Sees to it that reports are sent: at once when a slot is idle or somebody waits for an answer, else gathered for up to a millisecond.</summary>
    private void Announce()
    {
        var reports = _actions.Reports;
        if (!reports.IsEmpty)
        {
            if (_core.RunningSlots < _slots || reports.Completed.Count == 0 || HasAnswers(reports))
            {
                Outbox.Signal();
            }
            else
            {
                Outbox.SignalSoon();
            }

            if (!_isOutboxFull && UnsafeBytes > UnsentBytesMax)
            {
                _isOutboxFull = true;
                ApplyLocked(new OutboxFilled());
            }
        }

        if (_drained is not null && _core.RunningSlots == 0 && _core.WaitingInside == 0)
        {
            _drained.TrySetResult();
        }

        ArmDeadline();
    }

    private long UnsafeBytes => _actions.Reports.Bytes + Outbox.UnacknowledgedBytes;

    private static bool HasAnswers(WorkerReports reports) =>
        reports.Retracted.Count + reports.NotRetracted.Count + reports.Missing.Count + reports.WaitingInside.Count + reports.Failed.Count > 0;

    // The timer is set forward only when it fires: under load the next deadline moves with every chunk.
    private void ArmDeadline()
    {
        if (_core.NextDeadlineMs is { } next && next < _armedFor)
        {
            _armedFor = next;
            _deadline.Change(Math.Max(0, next - Environment.TickCount64), Timeout.Infinite);
        }
    }

    private void OnDeadline()
    {
        lock (_gate)
        {
            if (_isOver)
            {
                return;
            }

            _armedFor = long.MaxValue;
            if (_core.NextDeadlineMs <= Environment.TickCount64)
            {
                ApplyLocked(new DeadlinePassed());
            }

            Announce();
        }
    }

    /// <summary>Callbacks of a task's token are the user's code: they run outside the lock, and not on the thread that brought the event.</summary>
    private static void CancelOnPool(List<CancellationTokenSource> cancellations)
    {
        foreach (var cancellation in cancellations)
        {
            ThreadPool.QueueUserWorkItem(
                static cancelled =>
                {
                    try
                    {
                        cancelled.Cancel();
                    }
                    catch (AggregateException)
                    {
                        // A callback of the user's threw; the task is being cancelled all the same.
                    }
                },
                cancellation,
                preferLocal: false);
        }
    }
}
