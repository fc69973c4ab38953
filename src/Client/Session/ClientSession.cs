using System.Collections.Concurrent;
using Weft.Client.Core;
using Weft.Primitives;
using Weft.Protocol;

namespace Weft.Client;

/// <summary>
/// The core behind its lock, and those who wait for what it tells. Nothing of the user's and no continuation runs under the
/// lock: news are collected there and told after it. Thread safe.
/// </summary>
internal sealed partial class ClientSession(SessionSettings settings, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly SessionCore _core = new(settings);
    private readonly SessionActionList _actions = new();
    private readonly WaiterTable _waiters = new();
    private readonly AsyncSignal _outgoing = new();

    /// <summary>What finalizers let go of, until the writer comes by. Bounded by what was submitted.</summary>
    private readonly ConcurrentQueue<(int Generation, TaskRun Tasks)> _released = new();

    /// <summary>Completes when submitters who found no room may look again.</summary>
    private TaskCompletionSource _room = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Carries out <see cref="SessionActionKind.FetchResult"/>; set once, before the first connection.</summary>
    public Action<int, List<LocatedResult>>? FetchResults { get; set; }

    public long NowMs => (long)time.GetElapsedTime(0).TotalMilliseconds;

    /// <summary>Submits, blocking while too much is unacknowledged.</summary>
    /// <exception cref="SchedulerLostException">There is no scheduler to submit to.</exception>
    /// <exception cref="KeyInUseException">Another definition has the key.</exception>
    public AcceptedTasks Submit(TaskSubmission submission) => Accept(new SessionEvent.TasksSubmitted(submission), submission.Key);

    /// <summary>Gives values ids and sends them: one, or several that take little together.</summary>
    /// <param name="values">A column of them.</param>
    /// <param name="holders">How many workers are to hold each that is too large to travel with its tasks; the scheduler has it in any case.</param>
    /// <exception cref="ValueTooLargeException">They do not fit into a message.</exception>
    /// <exception cref="SchedulerLostException">There is no scheduler to send them to.</exception>
    public AcceptedTasks Scatter(ByteColumn values, int holders = 0) => values.Bytes.Length <= Limits.ValueBytesMax
        ? Accept(new SessionEvent.ValuesScattered(values, holders), key: null)
        : throw new ValueTooLargeException(values.Bytes.Length);

    /// <summary>Has every worker run a setup before the session's tasks, until it is withdrawn.</summary>
    /// <returns>False: there are as many as there may be.</returns>
    public bool TryRegister(SetupDefinition setup, int setupsMax)
    {
        lock (_gate)
        {
            if (_core.Setups >= setupsMax)
            {
                return false;
            }

            _actions.Clear();
            _core.Apply(new Stamped<SessionEvent>(NowMs, new SessionEvent.SetupRegistered(setup)), _actions);
        }

        _outgoing.Set();
        return true;
    }

    public void Withdraw(SetupDefinition setup) => Apply([new SessionEvent.SetupWithdrawn(setup)]);

    /// <summary>Completes when a submission need not wait.</summary>
    public async ValueTask WaitForRoomAsync(CancellationToken cancellationToken)
    {
        while (TryFindNoRoom(out var room))
        {
            await room.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Has results sent to a waiter.</summary>
    public void WantResults(int generation, Waiter waiter) => Register(generation, waiter, new SessionEvent.ResultsWanted(waiter.Tasks));

    /// <summary>Tells a waiter the outcomes of its tasks; those that are known, at once.</summary>
    public void WatchOutcomes(int generation, Waiter waiter) => Register(generation, waiter, new SessionEvent.OutcomesAsked(waiter.Tasks));

    public void Forget(Waiter waiter)
    {
        lock (_gate)
        {
            _waiters.Remove(waiter);
        }
    }

    public void Cancel(int generation, TaskRun tasks) => Request(generation, new SessionEvent.CancelRequested(tasks));

    public void Retry(int generation, TaskRun tasks) => Request(generation, new SessionEvent.RetryRequested(tasks));

    /// <summary>Called by finalizers: takes no lock.</summary>
    public void EnqueueRelease(int generation, TaskRun tasks)
    {
        _released.Enqueue((generation, tasks));
        _outgoing.Set();
    }

    public FuturePhase PhaseOf(int generation, TaskId task)
    {
        lock (_gate)
        {
            return _core.PhaseOf(generation, task);
        }
    }

    /// <summary>Null while the task has, or may still get, a result.</summary>
    public TaskFailure? FailureOf(int generation, TaskId task)
    {
        lock (_gate)
        {
            return TaskFailure.Of(_core, generation, _core.PhaseOf(generation, task), _core.ErrorOf(generation, task));
        }
    }

    /// <summary>Why a generation ended; null when it is the current one.</summary>
    public SessionLoss? LossOf(int generation)
    {
        lock (_gate)
        {
            return generation == _core.Generation ? null : _core.LossOf(generation);
        }
    }

    /// <summary>Looks at the core, briefly.</summary>
    public TResult Look<TResult>(Func<SessionCore, TResult> look)
    {
        lock (_gate)
        {
            return look(_core);
        }
    }

    private AcceptedTasks Accept(SessionEvent asked, string? key)
    {
        while (true)
        {
            Task room;
            lock (_gate)
            {
                if (_core.HasRoom)
                {
                    return AcceptNow(asked, key);
                }

                room = _room.Task;
            }

            room.Wait();
        }
    }

    private AcceptedTasks AcceptNow(SessionEvent asked, string? key)
    {
        _actions.Clear();
        _core.Apply(new Stamped<SessionEvent>(NowMs, asked), _actions);
        Invariant.Require(_actions.Count == 1, "a submission is accepted or refused");
        if (_actions[0] is { Kind: SessionActionKind.RefuseSubmission, Text: { } why })
        {
            throw _core.CanSubmit
                ? new KeyInUseException(key ?? "", why)
                : TaskExceptions.Of(_core.LossOf(_core.Generation - 1));
        }

        _outgoing.Set();
        return new AcceptedTasks(_core.Generation, _actions[0].Tasks);
    }

    private bool TryFindNoRoom(out Task room)
    {
        lock (_gate)
        {
            room = _room.Task;
            return !_core.HasRoom;
        }
    }

    private void Register(int generation, Waiter waiter, SessionEvent asked)
    {
        var deliveries = new List<Delivery>();
        lock (_gate)
        {
            if (generation == _core.Generation)
            {
                _waiters.Add(waiter);
                _actions.Clear();
                _core.Apply(new Stamped<SessionEvent>(NowMs, asked), _actions);
                CollectNews(generation, deliveries);
            }
            else
            {
                var lost = SessionAction.Tell(waiter.Tasks, FuturePhase.Lost, error: null);
                deliveries.Add(new Delivery(waiter, waiter.Tasks, lost, new TaskFailure(Error: null, _core.LossOf(generation))));
            }
        }

        _outgoing.Set();
        Make(deliveries);
    }

    private void Request(int generation, SessionEvent asked)
    {
        if (Look(core => core.Generation) == generation)
        {
            Apply([asked]);
        }
    }

    private static void Make(List<Delivery> deliveries)
    {
        foreach (var delivery in deliveries)
        {
            delivery.Make();
        }
    }
}

/// <summary>Tasks that the session has taken on, and in which generation.</summary>
internal readonly record struct AcceptedTasks(int Generation, TaskRun Tasks);
