using Weft.Primitives;
using static Weft.Scheduler.Core.Tests.SchedulerHarness;

namespace Weft.Scheduler.Core.Tests;

/// <summary>What runs first, how much a worker is sent, and for whom nobody comes.</summary>
public sealed class OrderTests
{
    private readonly SchedulerHarness _harness = new();

    [Fact]
    public void Higher_priorities_go_first_and_equal_ones_in_the_order_of_submission()
    {
        var low = _harness.New(1, 1, new TaskOptions { Priority = -1 });
        var a = _harness.New();
        var b = _harness.New();
        var high = _harness.New(1, 1, new TaskOptions { Priority = 1 });
        _harness.Submit(low, a, b, high);
        var assigned = Assignments(_harness.Join(1, slots: 3)).Select(action => action.Run);
        Assert.Equal([high.Run, a.Run, b.Run, low.Run], assigned);
    }

    [Fact]
    public void Resources_are_claimed_when_a_task_is_sent_and_never_ahead()
    {
        _harness.Join(1, slots: 8, resources: ResourceAmounts.Parse("GPU=2"));
        var a = _harness.New(5, 1, new TaskOptions { Resources = ResourceAmounts.Parse("GPU=1") });
        Assert.Equal(2, Assignments(_harness.Submit(a)).Sum(action => action.Run.Count));
    }

    [Fact]
    public void A_session_may_begin_with_sequence_zero()
    {
        var first = new Submission { First = new TaskId(Session, 0), Count = 1, Function = 1 };
        Assert.Contains("Acknowledge 1.1+0 -> 1", Lines(_harness.Submit(first)));
        Assert.Equal(TaskPhase.Ready, _harness.PhaseOf(first.Run));
    }

    [Fact]
    public void A_submission_that_comes_again_is_dropped()
    {
        var a = _harness.New(2);
        _harness.Submit(a);
        _harness.Submit(a);
        Assert.Equal(2, _harness.Core.LiveTasks);
        Assert.Equal(1, _harness.Core.Drops[DropReason.DuplicateSubmission]);
    }

    [Fact]
    public void A_task_without_inputs_in_a_submission_with_lists_is_sent_without_inputs_and_its_neighbour_with_its_own()
    {
        _harness.Learn();
        _harness.Join(1);
        var first = _harness.NextId;
        var lists = new Submission
        {
            First = first,
            Count = 2,
            Function = 1,
            InputIds = BitConverter.GetBytes(first.Value),
            InputEnds = new byte[] { 0, 0, 0, 0, 1, 0, 0, 0 },
        };
        var assigned = Assignments(_harness.Submit(lists));
        Assert.Equal(["Assign 1.1 -> 1 keep", "Assign 1.2 -> 1 ById keep"], Lines(assigned));
        Assert.Equal([1, 0, 0, 0], lists.InputLists(1, 1).Ends.ToArray());
    }

    [Fact]
    public void Wanted_results_come_as_values_when_they_are_here_and_as_holders_when_they_are_not()
    {
        _harness.Join(1);
        var a = _harness.New();
        var b = _harness.New();
        var assigned = _harness.Submit(a, b);
        _harness.Want(a.Run);
        Assert.Equal(["TellOutcome 1.1 -> 1 Done", "SendValues 1.1 -> 1"], Lines(_harness.Complete(1, Assigned(assigned, a.Run))));
        _harness.CompleteStored(Assigned(assigned, b.Run));
        Assert.Equal(["TellHolders 1.2 -> 1"], Lines(_harness.Want(b.Run)));
    }
}
