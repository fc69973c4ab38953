using Weft.Primitives;

namespace Weft.Client.Core;

/// <summary>
/// What a client knows of its session: which ids it has given, what is on its way to the scheduler, how each of its tasks
/// stands. Pure: events in, actions and outgoing batches out; every event is legal in every state. Not thread safe: its owner
/// calls it under one lock.
/// </summary>
public sealed partial class SessionCore
{
    private readonly SessionSettings _settings;
    private readonly SubmissionQueue _submissions = new();
    private readonly RequestQueue _requests = new();
    private readonly NamedTasks _named = new();
    private readonly SetupTable _setups = new();
    private readonly SessionStory _story = new();

    /// <summary>Why each past generation ended.</summary>
    private readonly List<SessionLoss> _losses = [];

    private FutureTable _futures = new();
    private NumberTable<FunctionDefinition> _functions = new();
    private NumberTable<SubmissionOptions> _options = new();
    private ConnectionState _connection = ConnectionState.None;
    private SessionId _session;
    private ReadOnlyMemory<byte> _resumeKey;
    private string _schedulerId = "";
    private long _reconnectDeadlineMs;
    private bool _goodbyeDue;

    public SessionCore(SessionSettings? settings = null) => _settings = settings ?? new SessionSettings();

    private enum ConnectionState : byte
    {
        /// <summary>There has been no session yet, or it was given up.</summary>
        None,
        Online,

        /// <summary>Broken; the session may be resumed until the deadline.</summary>
        Broken,
        Closed,
    }

    /// <summary>Raised when a session is lost: ids of one generation mean nothing in the next.</summary>
    public int Generation => _losses.Count;

    public bool IsOnline => _connection == ConnectionState.Online;

    /// <summary>Whether there is a session to submit to, be its connection broken at the moment or not.</summary>
    public bool CanSubmit => _connection is ConnectionState.Online or ConnectionState.Broken;

    /// <summary>What to say in the hello, to go on where the connection broke; session 0: nothing to go on with.</summary>
    public (SessionId Session, ReadOnlyMemory<byte> Key) Resume => _connection == ConnectionState.Broken ? (_session, _resumeKey) : default;

    /// <summary>When to send <see cref="SessionEvent.DeadlinePassed"/>.</summary>
    public long? NextDeadlineMs => _connection == ConnectionState.Broken ? _reconnectDeadlineMs : null;

    /// <summary>Whether submitters need not wait.</summary>
    public bool HasRoom => _submissions.Bytes < _settings.UnacknowledgedBytesMax;

    public bool IsClosed => _connection == ConnectionState.Closed;

    /// <summary>Whether the scheduler has acknowledged all tasks below a sequence number: what is said of them on other ways than this session's is understood.</summary>
    public bool IsAcknowledged(ulong sequence) => _submissions.AcknowledgedUpTo >= sequence;

    public long UnacknowledgedBytes => _submissions.Bytes;

    /// <summary>Setups that are registered.</summary>
    public int Setups => _setups.Count;

    public DropCounts Dropped { get; } = new();

    /// <summary>Carries one event out. Actions are added to the list, which is not cleared.</summary>
    public void Apply(in Stamped<SessionEvent> stamped, SessionActionList actions)
    {
        var time = stamped.TimeMs;
        switch (stamped.Event)
        {
            case SessionEvent.TasksSubmitted submitted:
                OnTasksSubmitted(time, submitted.Submission, actions);
                break;
            case SessionEvent.ValuesScattered scattered:
                OnValuesScattered(time, scattered, actions);
                break;
            case SessionEvent.SetupRegistered registered:
                _setups.Add(registered.Setup);
                _story.Add(time, $"setup {registered.Setup.Function.Name} registered", default);
                break;
            case SessionEvent.SetupWithdrawn withdrawn:
                OnSetupWithdrawn(time, withdrawn.Setup);
                break;
            case SessionEvent.ResultsWanted wanted:
                OnResultsWanted(time, wanted.Tasks, actions);
                break;
            case SessionEvent.OutcomesAsked asked:
                OnOutcomesAsked(asked.Tasks, actions);
                break;
            case SessionEvent.CancelRequested cancel:
                OnCancelRequested(time, cancel.Tasks);
                break;
            case SessionEvent.RetryRequested retry:
                OnRetryRequested(time, retry.Tasks, actions);
                break;
            case SessionEvent.TasksReleased released:
                OnTasksReleased(time, released.Tasks);
                break;
            case SessionEvent.SubmissionsAcknowledged acknowledged:
                OnSubmissionsAcknowledged(acknowledged.UpToSequence, actions);
                break;
            case SessionEvent.OutcomeTold told:
                OnOutcomeTold(time, told, actions);
                break;
            case SessionEvent.ValuesArrived values:
                OnValuesArrived(time, values, actions);
                break;
            case SessionEvent.ResultLocated located:
                OnResultLocated(time, located, actions);
                break;
            case SessionEvent.Connected connected:
                OnConnected(time, connected, actions);
                break;
            case SessionEvent.Disconnected disconnected:
                OnDisconnected(time, disconnected.Reason);
                break;
            case SessionEvent.DeadlinePassed:
                OnDeadlinePassed(time, actions);
                break;
            case SessionEvent.Closed:
                OnClosed(time, actions);
                break;
            default:
                Dropped.Add(DropReason.Malformed);
                break;
        }
    }

    /// <summary>How a task of a generation stands. A task of an earlier generation is lost.</summary>
    public FuturePhase PhaseOf(int generation, TaskId task)
    {
        if (generation != Generation)
        {
            return FuturePhase.Lost;
        }

        return IsOurs(task) ? _futures[task.Sequence].Phase : FuturePhase.Lost;
    }

    /// <summary>Why a task has no result; null when it has one, or none yet, or is of an earlier generation (see <see cref="LossOf"/>).</summary>
    public TaskError? ErrorOf(int generation, TaskId task) =>
        generation == Generation && IsOurs(task) ? _futures.ErrorOf(task.Sequence) : null;

    /// <summary>Why an earlier generation ended.</summary>
    public SessionLoss LossOf(int generation) => _losses[generation];

    /// <summary>What is remembered of a task's life, one line each.</summary>
    public string Story(TaskId task) =>
        $"task {task}: {PhaseOf(Generation, task)}\n{_story.Of(task)}";

    public void CheckInvariants()
    {
        _futures.CheckInvariants();
        _submissions.CheckInvariants(_futures.Count);
        Invariant.Require(_connection != ConnectionState.None || !_submissions.HasUnsent, "without a session nothing waits to be sent");
    }

    private bool IsOurs(TaskId task) => task.Session == _session && task.Sequence < _futures.Count;

    /// <summary>The part of a run that this session has given out; the rest is dropped.</summary>
    private bool TryOurs(TaskRun run, out ulong first, out ulong end)
    {
        first = run.First.Sequence;
        end = Math.Min(first + (ulong)Math.Max(run.Count, 0), _futures.Count);
        if (run.First.Session != _session)
        {
            Dropped.Add(DropReason.OtherSession, Math.Max(run.Count, 1));
            return false;
        }

        if (first >= end)
        {
            Dropped.Add(DropReason.UnknownTask, Math.Max(run.Count, 1));
            return false;
        }

        if (end - first < (ulong)run.Count)
        {
            Dropped.Add(DropReason.UnknownTask, run.Count - (int)(end - first));
        }

        return true;
    }

    private TaskRun RunAt(ulong sequence, int count) => new(new TaskId(_session, sequence), count);
}
