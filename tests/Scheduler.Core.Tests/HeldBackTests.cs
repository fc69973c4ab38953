using Weft.Primitives;

namespace Weft.Scheduler.Core.Tests;

/// <summary>What a restarted scheduler holds back goes on as it was submitted, and costs what there is of it.</summary>
public sealed class HeldBackTests
{
    private const int Tasks = 1000;
    private static readonly byte[] Incarnation = [1, 2, 3];

    private readonly SchedulerCore _core = new(new SchedulerOptions { Epoch = 2, StoryEntriesMax = 1 << 20 });
    private readonly ActionList _actions = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_range_of_before_a_restart_is_assigned_as_a_range(bool isWorkerAwaited)
    {
        List<SchedulerFact> facts = [.. SessionOf(1)];
        if (isWorkerAwaited)
        {
            facts.Add(new WorkerCame("worker-1", Incarnation));
        }

        _core.Restore(facts, nowMs: 0);
        Apply(new SessionAttached(new SessionId(1)));
        Apply(new WorkerJoined(new WorkerId(1), new WorkerDescription { Name = "worker-1", Incarnation = Incarnation, Slots = Tasks }) { HasPast = true });
        Assert.False(_core.IsRecovering);
        Assert.InRange(Assignments(), 1, 3);
        Assert.Equal(Tasks, _core.CountOf(TaskPhase.Assigned));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_session_that_comes_back_or_ends_leaves_the_tasks_of_others_alone(bool comesBack)
    {
        const uint Sessions = 20;
        _core.Restore(Enumerable.Range(1, (int)Sessions).SelectMany(static session => SessionOf((uint)session)), nowMs: 0);
        Apply(new WorkerJoined(new WorkerId(1), new WorkerDescription { Name = "worker-1", Slots = 1 }));
        Assert.Equal(0, Assignments());
        var last = new TaskId(new SessionId(Sessions), 1);
        var before = _core.Story(last);
        for (var session = 1u; session < Sessions; session++)
        {
            Apply(new SessionAttached(new SessionId(session)));
            if (!comesBack)
            {
                Apply(new ClientSpoke(new SessionId(session)) { Goodbye = true });
            }
        }

        Assert.Equal(before, _core.Story(last));
        Apply(new SessionAttached(new SessionId(Sessions)));
        Assert.NotEqual(before, _core.Story(last));
    }

    [Fact]
    public void A_range_that_was_lost_with_its_worker_is_assigned_as_a_range()
    {
        _core.Restore(SessionOf(1), nowMs: 0);
        Apply(new SessionAttached(new SessionId(1)));
        for (var worker = 1; worker <= 3; worker++)
        {
            Apply(new WorkerJoined(new WorkerId(worker), new WorkerDescription { Name = "worker", Slots = Tasks }));
            Assert.InRange(Assignments(), 1, 3);
            Apply(new WorkerLost(new WorkerId(worker), "killed", IsGraceful: true));
            Assert.Equal(Tasks, _core.CountOf(TaskPhase.Ready));
        }
    }

    [Fact]
    public void What_consumes_a_result_is_held_back_until_its_own_session_is_back()
    {
        _core.Restore([.. SessionOf(1), .. ConsumerOf(1), .. SessionOf(2), .. ConsumerOf(2)], nowMs: 0);
        Apply(new SessionAttached(new SessionId(2)));
        Apply(new WorkerJoined(new WorkerId(1), new WorkerDescription { Name = "worker-1", Slots = 2 * Tasks }));
        Assert.Equal(TaskPhase.Ready, _core.PhaseOf(new TaskId(new SessionId(1), Tasks + 1)));
        Assert.Equal(TaskPhase.Assigned, _core.PhaseOf(new TaskId(new SessionId(2), Tasks + 1)));
        Apply(new SessionAttached(new SessionId(1)));
        Assert.Equal(TaskPhase.Assigned, _core.PhaseOf(new TaskId(new SessionId(1), Tasks + 1)));

        static List<SchedulerFact> ConsumerOf(uint session)
        {
            var input = new TaskRun(new TaskId(new SessionId(session), 1));
            return
            [
                new TasksSubmitted(new Submission { First = input.First + Tasks, Count = 1, Function = 1, Rules = [new InputRule(input.First, 1, 0, 0)] }),
                new ResultsAccepted(input, new Attempt(1, 1)) { Values = SchedulerHarness.Result(input, new Attempt(1, 1)).Values },
            ];
        }
    }

    private static List<SchedulerFact> SessionOf(uint number)
    {
        var session = new SessionId(number);
        return [new SessionOpened(session, new byte[] { 9 }), new TasksSubmitted(new Submission { First = new TaskId(session, 1), Count = Tasks, Function = 1 })];
    }

    /// <summary>How many orders to run something there were in the last step.</summary>
    private int Assignments() => _actions.Span.ToArray().Count(static action => action.Kind == ActionKind.Assign);

    private void Apply(SchedulerEvent happened)
    {
        _actions.Clear();
        _core.Apply(new Stamped<SchedulerEvent>(0, happened), _actions);
        _core.CheckInvariants();
        while (_core.Plan(100_000, _actions))
        {
        }

        _core.CheckInvariants();
    }
}
