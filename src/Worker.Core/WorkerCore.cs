using System.Globalization;
using System.Text;
using Weft.Primitives;

namespace Weft.Worker.Core;

/// <summary>
/// What one worker process knows and decides: tasks that have not begun, what its slots run, which inputs are fetched from whom, and
/// which values it holds. Events in, actions out; every event is legal in every state. One incarnation of a worker has one core.
/// </summary>
public sealed partial class WorkerCore
{
    private readonly WorkerCoreLimits _limits;
    private readonly RunIndex<LocalRange> _ranges = new();
    private readonly ReadyQueue _ready = new();
    private readonly Dictionary<TaskId, AwaitedInput> _awaited = [];
    private readonly StoredRuns _stored = new();
    private readonly HolderTable _holders;
    private readonly FetchPlan _fetches;
    private readonly FunctionTimes _times;
    private readonly StoryLog _story;

    /// <summary>What each slot runs; null: it is free.</summary>
    private readonly SlotWork?[] _slots;

    /// <summary>Free slots; the one freed last takes the next work, its thread being awake.</summary>
    private readonly Stack<int> _free = new();

    /// <summary>Attempts that wait inside, without a slot.</summary>
    private readonly List<SlotWork> _waits = [];

    /// <summary>Those of them that could go on, in the order in which they may.</summary>
    private readonly Queue<SlotWork> _resuming = new();

    private readonly long[] _dropped = new long[Enum.GetValues<DropReason>().Length];

    // Scratch lists of single steps, kept so that a step allocates nothing.
    private readonly List<LocalRange> _found = [];
    private readonly List<TaskRun> _wanted = [];
    private readonly List<TaskRun> _unwanted = [];
    private readonly List<TaskRun> _known = [];
    private readonly List<AwaitedInput> _inputs = [];

    private long _nowMs;
    private long _arrivals;
    private bool _outboxFull;
    private bool _isDraining;

    public WorkerCore(int slots, WorkerCoreLimits? limits = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(slots, 1);
        _limits = limits ?? WorkerCoreLimits.Default;
        _holders = new HolderTable(_limits.HolderRunsMax);
        _fetches = new FetchPlan(_limits);
        _times = new FunctionTimes(_limits);
        _story = new StoryLog(_limits.StoryLength);
        _slots = new SlotWork?[slots];
        for (var slot = slots - 1; slot >= 0; slot--)
        {
            _free.Push(slot);
        }
    }

    /// <summary>Tasks that have not begun.</summary>
    public long QueuedTasks { get; private set; }

    /// <summary>Slots that run something.</summary>
    public int RunningSlots => _slots.Length - _free.Count;

    /// <summary>Attempts that wait inside, without a slot.</summary>
    public int WaitingInside => _waits.Count;

    public long StoredBytes => _stored.Bytes;

    /// <summary>When the shell should send <see cref="DeadlinePassed"/>; null: no timer is needed.</summary>
    public long? NextDeadlineMs
    {
        get
        {
            long? next = null;
            foreach (var work in _slots)
            {
                if (work is { StartedTold: false, YieldAsked: false } && !(work.BeganMs + _limits.StartedAfterMs >= next))
                {
                    next = work.BeganMs + _limits.StartedAfterMs;
                }
            }

            return next;
        }
    }

    /// <summary>How often events had no effect, by reason.</summary>
    public long Dropped(DropReason reason) => _dropped[(int)reason];

    public void Apply(in Stamped<WorkerEvent> stamped, WorkerActionList actions)
    {
        _nowMs = Math.Max(_nowMs, stamped.TimeMs);
        switch (stamped.Event)
        {
            case AttemptsCompleted completed:
                OnAttemptsCompleted(completed, actions);
                break;
            case TasksAssigned assigned:
                OnTasksAssigned(assigned.Assignment, actions);
                break;
            case AttemptFailed failed:
                OnAttemptFailed(failed, actions);
                break;
            case AttemptsYielded yielded:
                OnAttemptsYielded(yielded, actions);
                break;
            case AttemptWaits waits:
                OnAttemptWaits(waits, actions);
                break;
            case AttemptCanResume canResume:
                OnAttemptCanResume(canResume, actions);
                break;
            case ValuesGiven given:
                OnValuesGiven(given, actions);
                break;
            case HoldersNamed named:
                OnHoldersNamed(named);
                break;
            case CopiesAsked copies:
                OnCopiesAsked(copies.Holders, copies.Attempt, actions);
                break;
            case ValueFetched fetched:
                OnValueFetched(fetched, actions);
                break;
            case FetchEnded ended:
                OnFetchEnded(ended, actions);
                break;
            case RetractAsked retract:
                OnRetractAsked(retract.Tasks, actions);
                break;
            case CancelAsked cancel:
                OnCancelAsked(cancel.Tasks, actions);
                break;
            case FreeAsked free:
                OnFreeAsked(free.Run, actions);
                break;
            case DeadlinePassed:
                OnDeadlinePassed(actions);
                break;
            case OutboxFilled:
                _outboxFull = true;
                break;
            case OutboxDrained:
                _outboxFull = false;
                break;
            case CameBack:
                OnCameBack(actions);
                break;
            case DrainBegan:
                _isDraining = true;
                break;
            case PauseBegan:
                OnPauseBegan(actions);
                break;
            case PauseEnded:
                OnPauseEnded(actions);
                break;
            default:
                Invariant.Require(false, "every kind of event has its place in the core");
                break;
        }

        FreeLeftovers(actions);
        FillSlots(actions);
        if (IsPaused)
        {
            LetGoOfQueuedCopies();
        }
        else
        {
            _fetches.Plan(actions.Fetches);
        }
    }

    /// <summary>What happened to one task here, as far as the log reaches back, and where it is now.</summary>
    public string Story(TaskId id)
    {
        var story = new StringBuilder().Append(CultureInfo.InvariantCulture, $"Task {id} on this worker at {_nowMs} ms:\n");
        _story.Tell(id, story);
        if (_ranges.Find(id) is { } range)
        {
            story.Append(CultureInfo.InvariantCulture, $"now queued: {range}\n");
            foreach (var input in range.Awaited ?? [])
            {
                story.Append(input.Source == InputSource.Gone ? "" : $"  needs {input}\n");
            }
        }

        for (var slot = 0; slot < _slots.Length; slot++)
        {
            story.Append(_slots[slot] is { } work && work.Rest.Contains(id) ? $"now on slot {slot}: {work}\n" : "");
        }

        foreach (var work in _waits)
        {
            story.Append(work.Rest.Contains(id) ? $"now inside: {work}\n" : "");
        }

        return story.Append(_stored.Contains(id) ? "its result is in the store\n" : "").ToString();
    }

    private void Drop(DropReason reason) => _dropped[(int)reason]++;

    private static TaskRun Intersect(TaskRun left, TaskRun right)
    {
        var first = Math.Max(left.First.Value, right.First.Value);
        var end = Math.Min(left.End.Value, right.End.Value);
        return new TaskRun(new TaskId(first), first < end ? (int)(end - first) : 0);
    }
}
