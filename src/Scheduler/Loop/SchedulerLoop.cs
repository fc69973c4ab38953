using System.Collections.Concurrent;
using Weft.Grpc;
using Weft.Primitives;
using Weft.Protocol.V1;
using Weft.Scheduler.Core;

namespace Weft.Scheduler;

/// <summary>
/// Drives the core: takes a batch of what happened, applies each, plans once, and puts what is to be done into the peers' outboxes.
/// Whoever brings something while nobody is at it does the work on its own thread; the others leave theirs in the queue and go on. So the
/// core has one owner at a time, and a message that comes to an idle scheduler is dealt with where it was read, without a thread in between.
/// </summary>
internal sealed partial class SchedulerLoop : IDisposable
{
    /// <summary>Events that are applied before the core plans: large enough for full batches, small enough for short waits.</summary>
    internal const int BatchMax = 256;

    /// <summary>
    /// So long a thread that brought something works for others, too. In a loop that is never empty it would do so for ever: a worker's messages would lie unread until the worker is taken for lost, and
    /// nothing would be put onto the disk while it is the journal's thread.
    /// </summary>
    private const int OwnWorkMs = 10;

    /// <summary>Placements in one call of the planner; the rest is done after events have been looked at again.</summary>
    private const int PlanBudget = 4096;

    /// <summary>Values for one session in one turn; the next turn comes when they are written.</summary>
    private const int NewsBytesMax = 1 << 20;

    private const int NewsTasksMax = 1 << 18;

    private readonly ConcurrentQueue<Item> _queue = new();
    private readonly ActionList _actions = new();
    private readonly SortedDictionary<uint, ClientPeer> _clients = [];
    private readonly SortedDictionary<int, WorkerPeer> _workers = [];
    private readonly SortedDictionary<uint, byte[]> _resumeKeys = [];
    private readonly SetupTable _setups = new();
    private readonly Action<string> _warn;
    private readonly Action<InvariantException> _breach;
    private readonly Timer _timer;
    private long _timerDueMs = long.MaxValue;
    private int _pending;
    private volatile bool _isBroken;

    /// <summary>Events that were taken out, and that the count does not know of yet: the working thread's own.</summary>
    private int _done;

    /// <param name="options">Of the core.</param>
    /// <param name="journal">Where facts go. The caller disposes it, after the loop.</param>
    /// <param name="facts">What an earlier scheduler left there.</param>
    /// <param name="warn">Takes lines for the operator; is not to wait.</param>
    /// <param name="breach">Hears of a broken rule.</param>
    public SchedulerLoop(SchedulerOptions options, Journal journal, IReadOnlyList<SchedulerFact> facts, Action<string> warn, Action<InvariantException> breach)
    {
        Core = new SchedulerCore(options with { KeepsFacts = journal.State != JournalState.Off });
        _journal = journal;
        _warn = warn;
        _breach = breach;
        _timer = new Timer(_ => Post(new ClockTicked()));
        _flush = new Timer(_ => OnFlushDue());
        if (facts.Count > 0)
        {
            Restore(facts);
        }

        journal.SyncedChanged = OnSynced;
        OnSynced();
    }

    /// <summary>To be touched only inside of <see cref="AskAsync"/>.</summary>
    public SchedulerCore Core { get; }

    public FunctionTable Functions { get; } = new();

    public IReadOnlyDictionary<int, WorkerPeer> Workers => _workers;

    public IReadOnlyDictionary<uint, ClientPeer> Clients => _clients;

    /// <summary>Events that wait. Readers stop reading while it is above their bound.</summary>
    public int Pending => Volatile.Read(ref _pending);

    private readonly record struct Item(SchedulerEvent? Event, Action? Call);

    public void Post(SchedulerEvent happened) => Enqueue(new Item(happened, null));

    /// <summary>Runs a piece of code between two events.</summary>
    public void Post(Action call) => Enqueue(new Item(null, call));

    /// <summary>Asks something of the state between two events. The answer must not refer to it.</summary>
    public Task<T> AskAsync<T>(Func<SchedulerLoop, T> question)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() =>
        {
            try
            {
                answer.SetResult(question(this));
            }
            catch (Exception failure)
            {
                answer.SetException(failure);
            }
        });
        return answer.Task;
    }

    /// <summary>Lets a client in, or back in.</summary>
    public void Attach(ClientPeer peer) => Post(() =>
    {
        if (_clients.Remove(peer.Session.Value, out var earlier))
        {
            earlier.Dismissed.TrySetResult(new Status(StatusCode.Aborted, "The same client connected again."));
        }

        _clients.Add(peer.Session.Value, peer);
        Apply(new SessionAttached(peer.Session));
    });

    /// <summary>To be asked inside of <see cref="AskAsync"/>.</summary>
    public bool MayResume(SessionId session, ReadOnlySpan<byte> key) =>
        _resumeKeys.TryGetValue(session.Value, out var expected) && System.Security.Cryptography.CryptographicOperations.FixedTimeEquals(expected, key);

    public void Detach(ClientPeer peer, bool saidGoodbye) => Post(() =>
    {
        if (_clients.TryGetValue(peer.Session.Value, out var current) && current == peer)
        {
            _clients.Remove(peer.Session.Value);
            if (saidGoodbye)
            {
                _resumeKeys.Remove(peer.Session.Value);
                ReleaseSetups(peer.Session);
            }
            else
            {
                Apply(new SessionDetached(peer.Session));
            }
        }
    });

    /// <summary>A client that was given a session went away before it was let in.</summary>
    public void Forget(SessionId session) => Post(() =>
    {
        if (_resumeKeys.Remove(session.Value))
        {
            Core.Facts.Add(new SessionClosed(session));
        }
    });

    /// <summary>Registers and withdraws what every worker runs before a session's tasks.</summary>
    public void SetUp(ClientPeer peer, IReadOnlyList<SessionSetup> setups) => Post(() =>
    {
        if (_clients.TryGetValue(peer.Session.Value, out var current) && current == peer)
        {
            var changed = setups.Where(_setups.Change).ToArray();
            NoteFunctions();
            Array.ForEach(changed, setup => Core.Facts.Add(setup.ToFact()));
            TellWorkers(changed);
        }
    });

    public void Join(WorkerPeer peer, WorkerJoined joined) => Post(() =>
    {
        _workers.Add(peer.Id.Value, peer);
        peer.Outbox.Open(0).Welcome.Restarts = (uint)Core.Restarts;
        foreach (var setup in _setups.All)
        {
            // Before the core hears of the worker: nothing can be assigned to it yet.
            peer.Orders.Write(peer.Outbox.Open(WorkerOrdersWriter.BytesOf(setup)), setup, mustSucceed: true);
        }

        Apply(joined);
    });

    /// <summary>Applies what a worker said; its message is acknowledged when that is safe.</summary>
    public void Hear(WorkerPeer peer, WorkerSpoke spoke, ulong number, bool isHeartbeat) => Post(() =>
    {
        Apply(spoke);
        if (number > 0)
        {
            peer.Unsafe.Enqueue((Core.Facts.Noted, number));
        }

        if (isHeartbeat && _journal.State == JournalState.Off)
        {
            peer.Acknowledge(long.MaxValue);
        }
    });

    public void Leave(WorkerPeer peer, string reason, bool isGraceful) => Post(() =>
    {
        if (_workers.Remove(peer.Id.Value))
        {
            Apply(new WorkerLost(peer.Id, reason, isGraceful));
        }
    });

    /// <summary>To be called only inside of <see cref="AskAsync"/>.</summary>
    public void Drain(DrainAsked asked) => Apply(asked);

    public void OnWritten(ClientPeer peer, Exception? failure) => OnWritten(peer.Outbox.OnWritten, peer.Dismissed, failure);

    public void OnWritten(WorkerPeer peer, Exception? failure) => OnWritten(peer.Outbox.OnWritten, peer.Dismissed, failure);

    /// <summary>A peer that a message could not be written to will miss it: it is sent away, and comes back for what it missed.</summary>
    private void OnWritten(Action goOn, TaskCompletionSource<Status> dismissed, Exception? failure) => Post(() =>
    {
        if (failure is null)
        {
            goOn();
        }
        else
        {
            dismissed.TrySetResult(new Status(StatusCode.Aborted, $"A message could not be written: {failure.Message}"));
        }
    });

    public void Dispose()
    {
        _timer.Dispose();
        _flush.Dispose();
    }

    private void Enqueue(Item item)
    {
        // Counted before it can be taken: a count that came after that could let the count fall to zero, and a second thread in, while the first is still at work.
        var isFirst = Interlocked.Increment(ref _pending) == 1;
        _queue.Enqueue(item);
        if (isFirst)
        {
            Drain(Environment.TickCount64 + OwnWorkMs);
        }
    }

    /// <summary>
    /// Works until nothing is pending. Only the thread that raised the count from zero is ever here, or the one that it has handed the work to; and it does not let the count fall to zero before all is
    /// done, what it set itself included.
    /// </summary>
    /// <param name="untilMs">When <see cref="Environment.TickCount64"/> is past it, a thread of the pool goes on.</param>
    private void Drain(long untilMs)
    {
        for (var waiting = default(SpinWait); Environment.TickCount64 <= untilMs;)
        {
            if (TryTurn())
            {
                continue;
            }

            var done = _done;
            _done = 0;
            if (Interlocked.Add(ref _pending, -done) == 0)
            {
                return;
            }

            if (done == 0)
            {
                // Somebody has counted an event, and is about to bring it.
                waiting.SpinOnce(sleep1Threshold: -1);
            }
        }

        ThreadPool.UnsafeQueueUserWorkItem(static loop => loop.Drain(long.MaxValue), this, preferLocal: false);
    }

    /// <returns>Whether there is more to do, even if nothing comes.</returns>
    private bool TryTurn()
    {
        try
        {
            return Turn();
        }
        catch (Exception failure)
        {
            // Our own mistake: nothing that follows could be trusted.
            _isBroken = true;
            _breach(failure as InvariantException ?? new InvariantException($"An event could not be dealt with: {failure}"));
            return false;
        }
    }

    /// <summary>One batch: events, plan, actions.</summary>
    /// <returns>Whether there is more to do, even if nothing comes.</returns>
    private bool Turn()
    {
        LookWhatIsSafe();
        for (var left = BatchMax; left > 0 && _queue.TryDequeue(out var item); left--)
        {
            _done++;
            if (_isBroken)
            {
                continue;
            }

            if (item.Event is { } happened)
            {
                Apply(happened);
            }
            else
            {
                item.Call!();
            }
        }

        if (_isBroken)
        {
            return false;
        }

        var isMore = Core.Plan(PlanBudget, _actions);
        WriteFacts();
        CarryOut();
        isMore |= TellClients();
        isMore |= _journal.Synced != _safe;
        ArmTimer();
        return isMore;
    }

    private void ReleaseSetups(SessionId session) => TellWorkers(_setups.Release(session));

    private void TellWorkers(IEnumerable<SessionSetup> setups)
    {
        foreach (var setup in setups)
        {
            foreach (var worker in _workers.Values)
            {
                worker.Orders.Write(worker.Outbox.Open(WorkerOrdersWriter.BytesOf(setup)), setup, mustSucceed: false);
            }
        }
    }

    private void Apply(SchedulerEvent happened)
    {
        NoteFunctions();
        Core.Apply(new Stamped<SchedulerEvent>(Environment.TickCount64, happened), _actions);
    }

    /// <summary>Before anything that refers to them.</summary>
    private void NoteFunctions()
    {
        if (_journal.State != JournalState.Off && Functions.HasNew)
        {
            Functions.TakeNew(Core.Facts);
        }
    }

    private void CarryOut()
    {
        foreach (ref readonly var action in _actions.Span)
        {
            switch (action.Kind)
            {
                case ActionKind.AnswerRequest:
                    if (_requests.Remove(action.Target, out var asker))
                    {
                        asker.SetResult(action.Answer);
                    }

                    break;
                case ActionKind.Warn:
                    _warn(action.Text!);
                    break;
                case ActionKind.DismissWorker:
                    if (_workers.Remove(action.Target, out var dismissed))
                    {
                        dismissed.Dismissed.TrySetResult(new Status(action.MayReturn ? StatusCode.Aborted : StatusCode.AlreadyExists, action.Text!));
                    }

                    break;
                case ActionKind.RestartWorker:
                    if (_workers.Remove(action.Target, out var restarted))
                    {
                        Order(restarted, action);
                        restarted.Outbox.Flush();
                    }

                    break;
                case ActionKind.EndSession:
                    _resumeKeys.Remove((uint)action.Target);
                    ReleaseSetups(new SessionId((uint)action.Target));
                    if (_clients.Remove((uint)action.Target, out var ended))
                    {
                        ended.Dismissed.TrySetResult(new Status(StatusCode.Aborted, action.Text!));
                    }

                    break;
                default:
                    if (_workers.TryGetValue(action.Target, out var worker))
                    {
                        Order(worker, action);
                    }

                    break;
            }
        }

        _actions.Clear();
        foreach (var worker in _workers.Values)
        {
            worker.Outbox.Flush();
        }
    }

    private void Order(WorkerPeer worker, in SchedulerAction action)
    {
        var bytes = WorkerOrdersWriter.BytesOf(action);
        if (!WorkerOrdersWriter.Fits(worker.Outbox.Open(0), action))
        {
            worker.Outbox.Close();
        }

        if (action.Kind == ActionKind.SendKeptValues)
        {
            foreach (var values in WorkerOrdersWriter.KeptValuesOf(action, Core))
            {
                worker.Outbox.Open(values.Values.Data.Length).KeptValues.Add(values);
            }

            return;
        }

        var orders = worker.Outbox.Open(bytes);
        worker.Orders.Write(orders, action, Core);
        if (action is { Kind: ActionKind.Assign, Inputs: InputForm.Immediate })
        {
            worker.Outbox.Count(orders.Assignments[^1].InputData.Length);
        }
    }

    /// <returns>Whether there is more to tell to a client that could take it now.</returns>
    private bool TellClients()
    {
        // What is not written yet is not said; then there is no news, or the journal has only begun.
        var mayTell = _journal.Written == _journal.Appended;
        foreach (var session in mayTell ? Core.SessionsWithNews() : [])
        {
            if (!_clients.TryGetValue(session.Value, out var client) || !client.Outbox.IsIdle)
            {
                continue;
            }

            Core.TakeNews(session, NewsBytesMax, NewsTasksMax, _actions);
            if (_actions.Count > 0)
            {
                foreach (ref readonly var action in _actions.Span)
                {
                    Tell(client, action);
                }

                _actions.Clear();
            }
        }

        var isMore = false;
        foreach (var client in _clients.Values)
        {
            client.Outbox.Flush();
            isMore |= mayTell && client.Outbox.IsIdle && Core.HasNews(client.Session);
        }

        return isMore;
    }

    private void Tell(ClientPeer client, in SchedulerAction action)
    {
        if (action.Kind != ActionKind.SendValues)
        {
            ClientNoticeWriter.Write(client.Outbox.Open(ClientNoticeWriter.BytesOf(action)), action, Core);
            return;
        }

        foreach (var values in ValueParts.Of(action.Run, Core))
        {
            client.Outbox.Open(values.Data.Length).Values.Add(values);
        }
    }

    private void ArmTimer()
    {
        var due = Core.NextDeadlineMs;
        var now = Environment.TickCount64;

        // Leases move with every message: a timer that comes too early only looks again.
        if (due < _timerDueMs || _timerDueMs <= now)
        {
            _timerDueMs = due;
            _timer.Change(due == long.MaxValue ? Timeout.Infinite : Math.Clamp(due - now + 1, 1, int.MaxValue), Timeout.Infinite);
        }
    }
}
