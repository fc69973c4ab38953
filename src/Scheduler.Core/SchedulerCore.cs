using Weft.Primitives;

namespace Weft.Scheduler.Core;

/// <summary>
/// The scheduler as a pure state machine: events in, actions out. It has no clock but the events' stamps, no randomness and no I/O;
/// the same events give the same actions. Every event is legal in every state: what is stale, duplicate or unknown is dropped
/// on purpose and counted. Not thread safe: one owner.
/// </summary>
/// <remarks>
/// <para>The life of a task's result. It is wanted while the session holds it or a dependent still needs it (<c>Consumers</c>); else its value
/// goes. Its specification stays as long as a dependent might have to be made again from it (<c>Descendants</c>). A result whose value is at the
/// scheduler is never lost, so it cuts lineage: its inputs may be forgotten, and in return its value stays while it has descendants.</para>
/// <para><c>Unmet</c> of a task is the number of edges that lead to it; a task has edges to its dependents while it is not ended.</para>
/// </remarks>
public sealed partial class SchedulerCore
{
    private readonly SchedulerOptions _options;
    private readonly TaskTable _tasks = new();
    private readonly EdgeTable _edges = new();
    private readonly ValueChunks _values = new();
    private readonly FunctionTimes _times = new();
    private readonly TransitionLog _log;
    private readonly List<SubmissionEntry?> _submissions = [];
    private readonly Stack<int> _freeSubmissions = [];
    private readonly List<TaskShape> _shapes = [];
    private readonly Dictionary<string, TaskShape> _shapeByText = [];
    private readonly WorkerTable _workers = new();
    private readonly SortedDictionary<uint, SessionEntry> _sessions = [];

    /// <summary>Why tasks failed, by slot.</summary>
    private readonly Dictionary<int, TaskError> _errors = [];

    private readonly long[] _phaseCounts = new long[Enum.GetValues<TaskPhase>().Length];
    private ulong _attempts;
    private long _entries;
    private long _nowMs;
    private ActionList _actions = new();

    public SchedulerCore(SchedulerOptions options)
    {
        Invariant.Require(options.Epoch is > 0 and <= Attempt.EpochMax, "an epoch fits into an attempt");
        _options = options;
        _log = new TransitionLog(options.StoryEntriesMax);
    }

    public Drops Drops { get; } = new();

    /// <summary>Which pairs of phase and cause have been met, for the simulation's report.</summary>
    public PhaseCauseCounts Met { get; } = new();

    /// <summary>
    /// What became true since the shell last took it, if facts are kept. The shell adds its own in between; clears it when it has taken it; and says
    /// by <see cref="FactsBecameSafe"/> how far they are safe.
    /// </summary>
    public FactList Facts { get; } = new();

    public int LiveTasks => _tasks.Live;

    public int WorkerCount => _workers.Count;

    public int SessionCount => _sessions.Count;

    /// <summary>Attempts accepted since the start.</summary>
    public long Completed { get; private set; }

    /// <summary>Nothing is left to do: no task waits, is ready or runs.</summary>
    public bool IsIdle =>
        _phaseCounts[(int)TaskPhase.Waiting] + _phaseCounts[(int)TaskPhase.Ready]
        + _phaseCounts[(int)TaskPhase.Assigned] + _phaseCounts[(int)TaskPhase.Running] == 0;

    public long CountOf(TaskPhase phase) => _phaseCounts[(int)phase];

    public TaskPhase? PhaseOf(TaskId id) => _tasks.Find(id) is var slot and >= 0 ? _tasks.Phase[slot] : null;

    public string Story(TaskId id) => _log.Story(id);

    public WorkerLoad LoadOf(WorkerId id) =>
        _workers.TryGetValue(id.Value, out var worker)
            ? new WorkerLoad(worker.Assigned, worker.Running, worker.StoredBytes, worker.Leave?.Reason, worker.RefusedToLeave, worker.IsPaused, worker.WaitingInside, worker.Assigned == 0 ? worker.IdleSinceMs : null, worker.ResourcesInUse(), HoldingAt(worker))
            : default;

    /// <summary>Changes state by what happened. Actions are added to the list; the caller carries them out afterwards, in order.</summary>
    public void Apply(in Stamped<SchedulerEvent> stamped, ActionList actions)
    {
        _nowMs = Math.Max(_nowMs, stamped.TimeMs);
        _actions = actions;
        switch (stamped.Event)
        {
            case SessionAttached attached: OnSessionAttached(attached); break;
            case SessionDetached detached: OnSessionDetached(detached); break;
            case ClientSpoke spoke: OnClientSpoke(spoke); break;
            case WorkerJoined joined: OnWorkerJoined(joined); break;
            case WorkerSpoke spoke: OnWorkerSpoke(spoke); break;
            case WorkerLost lost: OnWorkerLost(lost.Worker, lost.Reason, lost.IsGraceful); break;
            case DrainAsked asked: OnDrainAsked(asked); break;
            case RestartAsked asked: OnRestartAsked(asked); break;
            case WorkerDied died: OnWorkerDied(died); break;
            case PublishAsked asked: OnPublishAsked(asked); break;
            case UnpublishAsked asked: OnUnpublishAsked(asked); break;
            case ReplicateAsked asked: OnReplicateAsked(asked); break;
            case RebalanceAsked asked: OnRebalanceAsked(asked); break;
            case FactsBecameSafe safe: OnFactsBecameSafe(safe.UpTo); break;
            case ClockTicked: break;
            default: throw new InvariantException($"An event of kind {stamped.Event.GetType().Name} has no handler.");
        }

        ExpireDeadlines();
        Settle();
    }

    /// <summary>The value of a done task that is held here.</summary>
    public bool TryGetInlineValue(TaskId id, out ReadOnlyMemory<byte> value)
    {
        var slot = FindStored(id);
        if (slot < 0 || (_tasks.Flags[slot] & TaskFlags.Inline) == 0)
        {
            value = default;
            return false;
        }

        value = InlineValue(slot);
        return true;
    }

    /// <summary>The size of a result that workers hold.</summary>
    public long StoredBytesOf(TaskId id) =>
        FindStored(id) is var slot and >= 0 && _tasks.Phase[slot] == TaskPhase.Done ? SizeOf(slot) : 0;

    /// <summary>The attempt that made a result which workers hold; none: a client brought it.</summary>
    public Attempt AttemptOf(TaskId id) => FindStored(id) is var slot and >= 0 ? _tasks.Attempt[slot] : Attempt.None;

    /// <summary>Who holds a result, in order of arrival.</summary>
    public IReadOnlyList<WorkerDescription> HoldersOf(TaskId id)
    {
        var holders = new List<WorkerDescription>();
        var slot = FindStored(id);
        if (slot >= 0)
        {
            foreach (var holder in HoldersOf(slot))
            {
                if (_workers.TryGetValue(holder, out var worker))
                {
                    holders.Add(worker.Description);
                }
            }
        }

        return holders;
    }

    private ReadOnlyMemory<byte> InlineValue(int slot) =>
        _values.Get(_tasks.Chunk[slot], _tasks.ValueStart[slot], _tasks.ValueLength[slot]);

    private long SizeOf(int slot) => (_tasks.Flags[slot] & TaskFlags.Inline) != 0
        ? _tasks.ValueLength[slot]
        : ((long)_tasks.ValueStart[slot] << 32) | (uint)_tasks.ValueLength[slot];

    private void SetStoredSize(int slot, long bytes)
    {
        _tasks.ValueStart[slot] = (int)(bytes >> 32);
        _tasks.ValueLength[slot] = (int)bytes;
    }

    private bool Has(int slot, TaskFlags flag) => (_tasks.Flags[slot] & flag) != 0;

    private void Set(int slot, TaskFlags flag) => _tasks.Flags[slot] |= flag;

    private void Clear(int slot, TaskFlags flag) => _tasks.Flags[slot] &= ~flag;

    private static bool IsEnded(TaskPhase phase) => phase is TaskPhase.Done or TaskPhase.Failed or TaskPhase.Released;

    private SubmissionEntry SubmissionOf(int slot) => _submissions[_tasks.SubmissionOf[slot]]!;

    private Attempt NextAttempt()
    {
        _attempts++;
        Invariant.Require(_attempts <= Attempt.CounterMax, "an epoch has an end; the next scheduler begins another");
        return new Attempt(_options.Epoch, _attempts);
    }

    private void SetPhase(int slot, TaskPhase phase, string cause)
    {
        _phaseCounts[(int)_tasks.Phase[slot]]--;
        _phaseCounts[(int)phase]++;
        _tasks.Phase[slot] = phase;
        _log.Add(_nowMs, new TaskRun(_tasks.IdOf(slot)), phase, cause, _tasks.Worker[slot], _tasks.Attempt[slot].Counter);
    }
}
