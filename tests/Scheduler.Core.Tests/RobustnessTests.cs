using Weft.Primitives;
using static Weft.Scheduler.Core.Tests.SchedulerHarness;

namespace Weft.Scheduler.Core.Tests;

/// <summary>Every event is legal in every state: what is unknown, stale or malformed is dropped and counted, and nothing throws.</summary>
public sealed class RobustnessTests
{
    private readonly SchedulerHarness _harness = new();

    public static TheoryData<SchedulerEvent, DropReason> Strange()
    {
        var worker = new WorkerId(1);
        var nobody = new WorkerId(99);
        var unknown = new TaskRun(new TaskId(Session, 1_000_000), 3);
        var known = new TaskRun(new TaskId(Session, 1));
        var other = new TaskRun(new TaskId(new SessionId(77), 1));
        var attempt = new Attempt(9, 9);
        return new TheoryData<SchedulerEvent, DropReason>
        {
            { new WorkerSpoke(nobody), DropReason.UnknownWorker },
            { new WorkerLost(nobody, "?", IsGraceful: false), DropReason.UnknownWorker },
            { new SessionDetached(new SessionId(50)), DropReason.UnknownSession },
            { new ClientSpoke(new SessionId(50)) { Wanted = [known] }, DropReason.UnknownSession },
            { new ClientSpoke(Session) { Wanted = [other] }, DropReason.OtherSession },
            { new ClientSpoke(Session) { Submissions = [new Submission { First = other.First, Count = 1, Function = 1 }] }, DropReason.Malformed },
            { new ClientSpoke(Session) { Submissions = [new Submission { First = unknown.First, Count = 0, Function = 1 }] }, DropReason.Malformed },
            { new ClientSpoke(Session) { Submissions = [new Submission { First = new TaskId(Session, TaskId.SequenceMax), Count = 5, Function = 1 }] }, DropReason.Malformed },
            { new ClientSpoke(Session) { Submissions = [new Submission { First = new TaskId(Session, 1UL << 39), Count = 1, Function = 1 }] }, DropReason.Malformed },
            { new WorkerSpoke(worker) { Started = [new AttemptRun(unknown, attempt)] }, DropReason.UnknownTask },
            { new WorkerSpoke(worker) { Started = [new AttemptRun(known, attempt)] }, DropReason.StaleAttempt },
            { new WorkerSpoke(worker) { Retracted = [new AttemptRun(unknown, attempt)] }, DropReason.UnknownTask },
            { new WorkerSpoke(worker) { NotRetracted = [new AttemptRun(known, attempt)] }, DropReason.StaleAttempt },
            { new WorkerSpoke(worker) { WaitingInside = [new AttemptRun(unknown, attempt)] }, DropReason.UnknownTask },
            { new WorkerSpoke(worker) { ResumedInside = [new AttemptRun(known, attempt)] }, DropReason.StaleAttempt },
            { new WorkerSpoke(worker) { Missing = [unknown] }, DropReason.UnknownTask },
            { new WorkerSpoke(worker) { Held = [unknown] }, DropReason.UnknownTask },
            { new WorkerSpoke(worker) { Completed = [Result(unknown, attempt)] }, DropReason.UnknownTask },
            { new WorkerSpoke(worker) { Completed = [Result(known, attempt)] }, DropReason.StaleAttempt },
            { new WorkerSpoke(worker) { Completed = [new CompletedRun(unknown, attempt, 1)] }, DropReason.Malformed },
            { new WorkerSpoke(worker) { Completed = [new CompletedRun(unknown, attempt, 1) { StoredBytes = [1] }] }, DropReason.Malformed },
            { new WorkerSpoke(worker) { Completed = [new CompletedRun(unknown, attempt, 1) { StoredBytes = [1, -1, 1] }] }, DropReason.Malformed },
            { new WorkerSpoke(worker) { Completed = [new CompletedRun(unknown, attempt, long.MaxValue) { StoredBytes = [long.MaxValue, long.MaxValue, 1] }] }, DropReason.Malformed },
            { new WorkerSpoke(worker) { Failed = [new FailedAttempt(known.First, attempt, -1, TaskError.Of(ErrorKind.UserException, default, ""))] }, DropReason.StaleAttempt },
        };
    }

    [Fact]
    public void A_submission_whose_graph_would_not_fit_into_memory_is_a_fault()
    {
        var first = new TaskId(Session, 10);
        var all = new InputRule(new TaskId(Session, 1), 1 << 20, 0, 1);

        Assert.Contains("268435456", new Submission { First = first, Count = 1 << 20, Function = 1, Rules = [all] }.FindFault(), StringComparison.Ordinal);
        Assert.Null(new Submission { First = first, Count = 256, Function = 1, Rules = [all] }.FindFault());
    }

    [Theory]
    [MemberData(nameof(Strange), DisableDiscoveryEnumeration = true)]
    public void What_is_unknown_stale_or_malformed_is_dropped_and_counted(SchedulerEvent strange, DropReason reason)
    {
        _harness.Join(1);
        var task = _harness.New();
        var assigned = Assigned(_harness.Submit(task), task.Run);
        _harness.Apply(strange);
        Assert.True(_harness.Core.Drops[reason] > 0, $"{strange} is dropped as {reason}");
        Assert.Equal(TaskPhase.Assigned, _harness.PhaseOf(task.Run));
        _harness.Complete(1, assigned);
        Assert.Equal(TaskPhase.Done, _harness.PhaseOf(task.Run));
    }

    [Fact]
    public void An_input_that_nobody_knows_fails_its_task_and_names_the_input()
    {
        var a = _harness.New(1, 1, null, On(new TaskId(Session, 40)));
        var told = Assert.Single(_harness.Submit(a), action => action.Kind == ActionKind.TellOutcome);
        Assert.Equal(ErrorKind.DataLost, told.Error!.Kind);
        Assert.Contains("1.40", told.Error.Message, StringComparison.Ordinal);
        _harness.Retry(a.Run);
        Assert.Equal(TaskPhase.Failed, _harness.PhaseOf(a.Run));
        _harness.Release(a.Run);
        Assert.Equal(0, _harness.Core.LiveTasks);
    }

    [Fact]
    public void A_task_cannot_consume_itself_or_what_comes_after_it()
    {
        var a = _harness.New(2, 1, null, new InputRule(_harness.NextId, 1, 1, 0));
        _harness.Submit(a);
        Assert.Equal(2, _harness.Core.CountOf(TaskPhase.Failed));
    }
}
