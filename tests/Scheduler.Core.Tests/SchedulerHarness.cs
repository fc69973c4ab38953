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

    public long NowMs { get; set; }

    /// <summary>Applies an event, plans, and gives what is to be done, with what the session is told.</summary>
    public List<SchedulerAction> Apply(SchedulerEvent happened)
    {
        _actions.Clear();
        Core.Apply(new Stamped<SchedulerEvent>(NowMs, happened), _actions);
        Core.CheckInvariants();
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
}
