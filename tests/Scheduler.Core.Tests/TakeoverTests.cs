using Weft.Primitives;

namespace Weft.Scheduler.Core.Tests;

/// <summary>A scheduler that goes on from what an earlier one noted.</summary>
public sealed class TakeoverTests
{
    private static readonly SessionId Session = new(1);
    private static readonly TaskRun Task = new(new TaskId(Session, 1));
    private static readonly Attempt Accepted = new(1, 7);
    private static readonly byte[] Incarnation = [1, 2, 3];

    private readonly SchedulerCore _core = new(new SchedulerOptions { Epoch = 2 });
    private readonly ActionList _actions = new();

    [Fact]
    public void Where_a_result_is_is_not_told_before_its_holder_is_back()
    {
        _core.Restore(
            [
                new SessionOpened(Session, new byte[] { 9 }),
                new WorkerCame("worker-1", Incarnation),
                new TasksSubmitted(new Submission { First = Task.First, Count = 1, Function = 1 }),
                new ResultsAccepted(Task, Accepted) { StoredBytes = [100_000] },
            ],
            nowMs: 0);

        Assert.DoesNotContain(ActionKind.TellHolders, Apply(new SessionAttached(Session), new ClientSpoke(Session) { Wanted = [Task] }));

        var back = new WorkerJoined(new WorkerId(1), new WorkerDescription { Name = "worker-1", Incarnation = Incarnation })
        {
            HasPast = true,
            Stored = [new StoredRun(Task, Accepted, [100_000])],
        };
        Assert.Single(Apply(back), ActionKind.TellHolders);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_task_that_came_back_with_its_worker_and_finds_its_inputs_freed_runs_again_when_they_are_there(bool isIdempotent)
    {
        var harness = new SchedulerHarness();
        var description = new WorkerDescription { Name = "worker-1", Incarnation = Incarnation };
        harness.Apply(new WorkerJoined(new WorkerId(1), description));
        var inputs = harness.New(2);
        var made = SchedulerHarness.Assignments(harness.Submit(inputs));
        made.ForEach(assigned => harness.CompleteStored(assigned));
        var consumer = harness.New(1, 1, new TaskOptions { Idempotent = isIdempotent, Retries = 1 }, SchedulerHarness.On(inputs.First), SchedulerHarness.On(inputs.First + 1));
        var running = SchedulerHarness.Assigned(harness.Submit(consumer), consumer.Run);
        harness.Join(2, slots: 2);
        var again = SchedulerHarness.Assignments(harness.Lose(1));

        // The first results do not count any more, and the task that may yet have to read them is taken back.
        var back = harness.Apply(new WorkerJoined(new WorkerId(3), description)
        {
            HasPast = true,
            Running = [new AttemptRun(running.Run, running.Attempt)],
            Stored = [.. made.Select(assigned => new StoredRun(assigned.Run, assigned.Attempt, Enumerable.Repeat(100_000L, assigned.Run.Count).ToArray()))],
        });
        Assert.Contains("Free 1.1+2 -> 3", SchedulerHarness.Lines(back));
        Assert.Equal(TaskPhase.Running, harness.PhaseOf(consumer.Run));

        harness.Fail(running with { Target = 3 }, ErrorKind.DataLost);
        Assert.Equal(TaskPhase.Waiting, harness.PhaseOf(consumer.Run));
        var last = again.Select(assigned => harness.CompleteStored(assigned)).Last();
        Assert.True(SchedulerHarness.Assigned(last, consumer.Run).Attempt.Value > running.Attempt.Value);
    }

    [Fact]
    public void One_failure_of_many_tasks_is_written_and_told_once_after_a_restart_too()
    {
        var cause = new Submission { First = Task.First, Count = 1, Function = 1 };
        var dependents = new Submission { First = Task.First + 1, Count = 1000, Function = 1, Rules = [new InputRule(cause.First, 1, 0, 0)] };
        static TaskError Error() => new(ErrorKind.UserException, Task.First, "T", "thrown", "at", new byte[] { 1, 2, 3 });
        _core.Restore(
            [
                new SessionOpened(Session, new byte[] { 9 }),
                new TasksSubmitted(cause),
                new TasksSubmitted(dependents),
                new TasksFailed(cause.Run, Error()),
                .. Enumerable.Range(0, 1000).Select(i => new TasksFailed(new TaskRun(dependents.First + i), Error())),
            ],
            nowMs: 0);

        var snapshot = new List<SchedulerFact>();
        _core.AddSnapshot(snapshot);
        Assert.InRange(snapshot.OfType<TasksFailed>().Count(), 1, 8);
        Assert.InRange(Apply(new SessionAttached(Session)).Count(static kind => kind == ActionKind.TellOutcome), 1, 8);
    }

    [Fact]
    public void Workers_are_waited_for_as_long_as_a_lease_from_when_they_can_reach_the_scheduler()
    {
        _core.Restore([new SessionOpened(Session, new byte[] { 9 }), new WorkerCame("worker-1", Incarnation)], nowMs: 0);

        _core.AwaitWorkers(nowMs: 20_000);
        Apply(31_000, new ClockTicked());
        Assert.True(_core.IsRecovering);

        Apply(50_000, new ClockTicked());
        Assert.False(_core.IsRecovering);
    }

    [Fact]
    public void A_snapshot_that_is_written_while_workers_are_waited_for_keeps_results_of_which_it_is_not_known_who_needs_them()
    {
        var a = new Submission { First = Task.First, Count = 1, Function = 1 };
        var b = new Submission { First = Task.First + 1, Count = 1, Function = 1, Rules = [new InputRule(a.First, 1, 0, 0)] };
        List<SchedulerFact> facts =
        [
            new SessionOpened(Session, new byte[] { 9 }),
            new WorkerCame("worker-1", Incarnation),
            new TasksSubmitted(a),
            new TasksSubmitted(b),
            new ResultsAccepted(a.Run, Accepted) { StoredBytes = [100_000] },
            new ResultsAccepted(b.Run, Accepted) { StoredBytes = [100_000] },
            new TasksReleased(a.Run),

            // The second result was lost, of which nothing is noted, and the first was made again for it.
            new ResultsAccepted(a.Run, new Attempt(1, 8)) { StoredBytes = [100_000] },
        ];
        _core.Restore(facts, nowMs: 0);
        Assert.Equal(TaskPhase.Done, _core.PhaseOf(a.First));

        List<SchedulerFact> snapshot = [new SessionOpened(Session, new byte[] { 9 })];
        _core.AddSnapshot(snapshot);
        var next = new SchedulerCore(new SchedulerOptions { Epoch = 3 });
        next.Restore(snapshot, nowMs: 0);
        next.CheckInvariants();
        Assert.Equal(TaskPhase.Done, next.PhaseOf(a.First));
    }

    private List<ActionKind> Apply(params SchedulerEvent[] batch) => Apply(0, batch);

    private List<ActionKind> Apply(long nowMs, params SchedulerEvent[] batch)
    {
        _actions.Clear();
        foreach (var happened in batch)
        {
            _core.Apply(new Stamped<SchedulerEvent>(nowMs, happened), _actions);
            _core.CheckInvariants();
        }

        _core.TakeNews(Session, int.MaxValue, int.MaxValue, _actions);
        return [.. _actions.Span.ToArray().Select(static action => action.Kind)];
    }
}
