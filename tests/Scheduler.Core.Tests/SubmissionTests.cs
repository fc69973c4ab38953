using Weft.Primitives;

namespace Weft.Scheduler.Core.Tests;

public sealed class SubmissionTests
{
    [Fact]
    public void A_range_is_assigned_told_and_forgotten()
    {
        var harness = new SchedulerHarness();
        harness.Join(1);
        var range = harness.New(count: 2);
        var assigned = Assert.Single(SchedulerHarness.Assignments(harness.Submit(range)));
        Assert.Equal(range.Run, assigned.Run);

        var told = harness.Complete(1, assigned);
        Assert.Contains(told, action => action.Kind == ActionKind.TellOutcome && action.Run == range.Run && action.Phase == TaskPhase.Done);

        harness.Apply(new ClientSpoke(SchedulerHarness.Session) { Released = [range.Run] });
        Assert.Equal(0, harness.Core.LiveTasks);
    }

    [Fact]
    public void A_chain_is_handed_ahead_to_the_worker_that_makes_its_inputs()
    {
        var harness = new SchedulerHarness();
        harness.Learn();
        harness.Join(1);
        harness.Join(2);
        harness.Teach();
        var a = harness.New();
        var b = harness.New(1, 1, null, SchedulerHarness.On(a.First));
        var c = harness.New(1, 1, null, SchedulerHarness.On(b.First));
        var assigned = SchedulerHarness.Assignments(harness.Submit(a, b, c));
        Assert.Equal([a.Run, b.Run, c.Run], assigned.Select(action => action.Run));
        Assert.Single(assigned.Select(action => action.Target).Distinct());
        Assert.True(assigned[0].Keep);
        Assert.Empty(SchedulerHarness.Assignments(harness.Complete(assigned[0].Target, assigned[0])));
    }

    [Fact]
    public void Lost_worker_requeues_its_attempts_and_stale_reports_are_dropped()
    {
        var harness = new SchedulerHarness();
        harness.Join(1);
        var task = harness.New();
        var first = Assert.Single(SchedulerHarness.Assignments(harness.Submit(task)));
        harness.Apply(new WorkerLost(new WorkerId(1), "killed", IsGraceful: false));
        var second = Assert.Single(SchedulerHarness.Assignments(harness.Join(2)));
        Assert.NotEqual(first.Attempt, second.Attempt);

        harness.Apply(new WorkerSpoke(new WorkerId(2)) { Completed = [SchedulerHarness.Result(task.Run, first.Attempt)] });
        Assert.Equal(TaskPhase.Assigned, harness.Core.PhaseOf(task.First));
        Assert.Equal(1, harness.Core.Drops[DropReason.StaleAttempt]);
        harness.Complete(2, second);
        Assert.Equal(TaskPhase.Done, harness.Core.PhaseOf(task.First));
    }

    [Fact]
    public void Of_a_submission_that_comes_again_with_more_at_its_end_only_the_new_tasks_are_added()
    {
        var harness = new SchedulerHarness();
        harness.Submit(new Submission { First = harness.NextId, Count = 2, Function = 1, Arguments = Column(10, 11) });
        harness.Submit(new Submission { First = harness.NextId, Count = 4, Function = 1, Arguments = Column(10, 11, 12, 13) });
        Assert.Equal(4, harness.Core.LiveTasks);

        var sent = SchedulerHarness.Assignments(harness.Join(1, slots: 8));
        Assert.Equal(4, sent.Sum(action => action.Run.Count));
        foreach (var action in sent)
        {
            for (var i = 0; i < action.Run.Count; i++)
            {
                var id = action.Run.First + i;
                Assert.Equal(10 + (id - harness.NextId), action.Submission!.Arguments.Span((int)(id - action.Submission.First))[0]);
            }
        }

        harness.Submit(new Submission { First = harness.NextId, Count = 4, Function = 1, Arguments = Column(10, 11, 12, 13) });
        Assert.Equal(1, harness.Core.Drops[DropReason.DuplicateSubmission]);
    }

    private static ByteColumn Column(params byte[] entries)
    {
        var column = new ByteColumnBuilder();
        foreach (var entry in entries)
        {
            column.Add([entry]);
        }

        return column.Build();
    }
}
