using Weft.Primitives;

namespace Weft.Scheduler.Core.Tests;

/// <summary>A bare core with one session, fed event by event; every step checks the core's invariants.</summary>
internal sealed class SchedulerHarness
{
    public static readonly SessionId Session = new(1);

    private readonly ActionList _actions = new();
    private ulong _sequence = 1;

    public SchedulerHarness(SchedulerOptions? options = null)
    {
        Core = new SchedulerCore(options ?? new SchedulerOptions());
        Apply(new SessionAttached(Session));
    }

    public SchedulerCore Core { get; }

    /// <summary>What is assigned to a worker, what of it is known to run, and the bytes of results that it holds.</summary>
    public (int Assigned, int Running, long StoredBytes) LoadOf(int worker)
    {
        var load = Core.LoadOf(new WorkerId(worker));
        return (load.Assigned, load.Running, load.StoredBytes);
    }

    public long NowMs { get; set; }

    /// <summary>Applies events as one batch, plans, and gives what is to be done, with what the session is told.</summary>
    public List<SchedulerAction> Apply(params SchedulerEvent[] batch)
    {
        _actions.Clear();
        foreach (var happened in batch)
        {
            Core.Apply(new Stamped<SchedulerEvent>(NowMs, happened), _actions);
            Core.CheckInvariants();
        }

        while (Core.Plan(1000, _actions))
        {
        }

        Core.TakeNews(Session, int.MaxValue, int.MaxValue, _actions);
        Core.CheckInvariants();
        return [.. _actions.Span];
    }

    public List<SchedulerAction> Join(int id, int slots = 1, string? name = null, ResourceAmounts? resources = null) =>
        Apply(new WorkerJoined(new WorkerId(id), new WorkerDescription
        {
            Name = name ?? $"worker-{id}",
            Address = $"10.0.0.{id}:1",
            Slots = slots,
            Resources = resources ?? ResourceAmounts.None,
        }));

    /// <summary>Lets the core know how long tasks of a function run, through a session and a worker that leave no trace but this.</summary>
    public void Learn(int function = 1, long durationNs = 1000)
    {
        var (session, worker) = (new SessionId(1000), new WorkerId(1000));
        var sample = new Submission { First = new TaskId(session, 1), Count = 1, Function = function, Options = new TaskOptions { AllowedWorkers = ["sampler"] } };
        Apply(new WorkerJoined(worker, new WorkerDescription { Name = "sampler" }), new SessionAttached(session));
        var assigned = Assigned(Apply(new ClientSpoke(session) { Submissions = [sample] }), sample.Run);
        Complete(worker.Value, assigned, durationNs: durationNs);
        Apply(new ClientSpoke(session) { Goodbye = true }, new WorkerLost(worker, "left", IsGraceful: true));
    }

    /// <summary>What was to be done, one line for each action.</summary>
    public static string[] Lines(IEnumerable<SchedulerAction> actions) => actions.Select(Line).ToArray();

    public WorkerSpoke Spoke(int worker) => new(new WorkerId(worker));

    public List<SchedulerAction> Say(ClientSpoke spoke) => Apply(spoke);

    public List<SchedulerAction> Lose(int worker, bool isGraceful = false) => Apply(new WorkerLost(new WorkerId(worker), "killed", isGraceful));

    public List<SchedulerAction> Want(TaskRun run) => Apply(new ClientSpoke(Session) { Wanted = [run] });

    public List<SchedulerAction> Cancel(TaskRun run) => Apply(new ClientSpoke(Session) { Cancelled = [run] });

    public List<SchedulerAction> Retry(TaskRun run) => Apply(new ClientSpoke(Session) { Retried = [run] });

    public List<SchedulerAction> Release(TaskRun run) => Apply(new ClientSpoke(Session) { Released = [run] });

    public List<SchedulerAction> Start(SchedulerAction assigned) =>
        Apply(new WorkerSpoke(assigned.Worker) { Started = [new AttemptRun(assigned.Run, assigned.Attempt)] });

    public List<SchedulerAction> CompleteStored(SchedulerAction assigned, long bytes = 100_000) => Apply(new WorkerSpoke(assigned.Worker)
    {
        Completed = [new CompletedRun(assigned.Run, assigned.Attempt, 1000) { StoredBytes = Enumerable.Repeat(bytes, assigned.Run.Count).ToArray() }],
    });

    public List<SchedulerAction> Fail(SchedulerAction assigned, ErrorKind kind = ErrorKind.UserException) => Apply(new WorkerSpoke(assigned.Worker)
    {
        Failed = [new FailedAttempt(assigned.Run.First, assigned.Attempt, 1000, TaskError.Of(kind, assigned.Run.First, "thrown"))],
    });

    /// <summary>The only assignment of this run among the actions.</summary>
    public static SchedulerAction Assigned(IEnumerable<SchedulerAction> actions, TaskRun run) =>
        Assert.Single(actions, action => action.Kind == ActionKind.Assign && action.Run == run);

    public TaskPhase? PhaseOf(TaskRun run) => Core.PhaseOf(run.First);

    /// <summary>Lets it be known that function 1 is short, or chains are not handed ahead: another session runs a task of it.</summary>
    public void Teach()
    {
        var teacher = new SessionId(9);
        var lesson = new Submission { First = new TaskId(teacher, 1), Count = 1, Function = 1 };
        var assigned = Assigned(Apply(new SessionAttached(teacher), new ClientSpoke(teacher) { Submissions = [lesson] }), lesson.Run);
        Complete(assigned.Target, assigned);
        Apply(new ClientSpoke(teacher) { Goodbye = true });
    }

    public TaskId NextId => new(Session, _sequence);

    /// <summary>A submission with the next ids.</summary>
    public Submission New(int count = 1, int function = 1, TaskOptions? options = null, params InputRule[] rules)
    {
        var submission = new Submission
        {
            First = NextId,
            Count = count,
            Function = function,
            Options = options ?? TaskOptions.Default,
            Rules = rules,
        };
        _sequence += (ulong)count;
        return submission;
    }

    public List<SchedulerAction> Submit(params Submission[] submissions) =>
        Apply(new ClientSpoke(Session) { Submissions = submissions });

    public static InputRule On(TaskId input) => new(input, 1, 0, 0);

    public List<SchedulerAction> Complete(int worker, SchedulerAction assigned, string value = "v", long durationNs = 1000) =>
        Apply(new WorkerSpoke(new WorkerId(worker)) { Completed = [Result(assigned.Run, assigned.Attempt, value, durationNs)] });

    public static CompletedRun Result(TaskRun run, Attempt attempt, string value = "v", long durationNs = 1000)
    {
        var values = new ByteColumnBuilder();
        for (var i = 0; i < run.Count; i++)
        {
            values.Add(System.Text.Encoding.UTF8.GetBytes(value));
        }

        return new CompletedRun(run, attempt, durationNs * run.Count) { Values = values.Build() };
    }

    public static List<SchedulerAction> Assignments(IEnumerable<SchedulerAction> actions) =>
        actions.Where(action => action.Kind == ActionKind.Assign).ToList();

    private static string Line(SchedulerAction action)
    {
        var line = $"{action.Kind} {action.Run} -> {action.Target}";
        return action.Kind switch
        {
            ActionKind.Assign => line + (action.Inputs == InputForm.None ? "" : $" {action.Inputs}") + (action.Keep ? " keep" : ""),
            ActionKind.TellOutcome => $"{line} {action.Phase}{(action.Error is { } error ? $" {error.Kind} of {error.Origin}" : "")}",
            _ => line,
        };
    }
}
