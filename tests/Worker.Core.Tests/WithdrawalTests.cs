using Weft.Primitives;
using static Weft.Worker.Core.Tests.WorkerBed;

namespace Weft.Worker.Core.Tests;

public sealed class WithdrawalTests
{
    [Fact]
    public void Retracting_a_half_executed_range_answers_each_task_once()
    {
        var bed = new WorkerBed();
        bed.Teach(1_000_000);
        bed.Assign(0, 10);
        bed.Complete(0, 0);
        bed.Complete(0, 1, nsEach: 1_000_000);
        bed.Retract(0, 12);
        Assert.Equal([At(0, 3), At(10, 2)], bed.Reports.NotRetracted);
        Assert.Equal([At(3, 7)], bed.Reports.Retracted);
        Assert.Equal(0, bed.Core.QueuedTasks);
        bed.Retract(0, 12);
        Assert.Equal([At(0, 12)], bed.Reports.NotRetracted);
        Assert.Empty(bed.Reports.Retracted);
    }

    [Fact]
    public void Retracting_from_the_middle_leaves_both_ends()
    {
        var bed = new WorkerBed();
        bed.Assign(100);
        bed.Assign(0, 10);
        bed.Retract(4, 2);
        Assert.Equal([At(4, 2)], bed.Reports.Retracted);
        Assert.Equal(8, bed.Core.QueuedTasks);
        bed.Complete(0, 100);
        Assert.Equal(Run(0, 4), bed.Begun.Run);
        bed.Complete(0, 0, 4);
        Assert.Equal(Run(6, 4), bed.Begun.Run);
    }

    [Fact]
    public void Another_attempt_is_not_retracted()
    {
        var bed = new WorkerBed();
        bed.Assign(100);
        bed.Assign(0, 4, attempt: Second);
        bed.Retract(0, 4, First);
        Assert.Equal([At(0, 4, First)], bed.Reports.NotRetracted);
        Assert.Equal(4, bed.Core.QueuedTasks);
    }

    [Fact]
    public void A_retracted_task_that_waits_for_inputs_asks_for_them_no_more()
    {
        var bed = new WorkerBed();
        bed.Assign(10, inputs: InputIds.FanIn(Run(0, 3)));
        bed.Retract(10);
        Assert.Equal([At(10)], bed.Reports.Retracted);
        bed.Name(0, 3, Ada);
        Assert.Empty(bed.Actions.Fetches);
    }

    [Fact]
    public void A_run_of_a_billion_costs_what_is_here()
    {
        var bed = new WorkerBed();
        bed.Assign(100);
        bed.Assign(7);
        bed.Retract(0, 1_000_000_000);
        Assert.Equal([At(7)], bed.Reports.Retracted);
        Assert.Equal(1_000_000_000 - 1, bed.Reports.NotRetracted.Sum(run => (long)run.Run.Count));
    }

    [Fact]
    public void The_same_assignment_twice_runs_once()
    {
        var bed = new WorkerBed();
        bed.Assign(0, 4);
        bed.Assign(0, 4);
        Assert.Equal(3, bed.Core.QueuedTasks);
        Assert.Equal(2, bed.Core.Dropped(DropReason.DuplicateAssignment));
    }

    [Fact]
    public void An_assignment_that_overlaps_adds_what_is_new()
    {
        var bed = new WorkerBed();
        bed.Assign(100);
        bed.Assign(2, 2);
        bed.Assign(6);
        bed.Assign(0, 10);
        Assert.Equal(10, bed.Core.QueuedTasks);
    }

    [Fact]
    public void A_newer_attempt_takes_the_place_of_an_older_one()
    {
        var bed = new WorkerBed();
        bed.Assign(0, 3);
        bed.Assign(0, 3, attempt: Second);
        Assert.Equal([At(0, 1, First)], bed.Actions.Cancels);
        Assert.Equal(3, bed.Core.QueuedTasks);
        bed.Assign(0, 3, attempt: First);
        Assert.Equal(1, bed.Core.Dropped(DropReason.StaleAssignment));

        bed.Complete(0, 0, attempt: First);
        Assert.Empty(bed.Reports.Completed);
        Assert.Equal(1, bed.Core.Dropped(DropReason.CancelledResult));
        Assert.Equal(Second, bed.Begun.Assignment.Attempt);
        Assert.Equal(Id(0), bed.Begun.Run.First);
    }

    [Fact]
    public void Reports_out_of_order_again_or_of_another_attempt_are_dropped()
    {
        var bed = new WorkerBed();
        bed.Teach(1000);
        bed.Assign(0, 10);
        bed.Complete(0, 5);
        bed.Complete(0, 0, attempt: Second);
        bed.Complete(0, 0, 11);
        bed.Complete(1, 0);
        bed.Fail(0, 3);
        Assert.Equal(5, bed.Core.Dropped(DropReason.StaleReport));
        bed.Complete(0, 0, 10);
        bed.Complete(0, 0, 10);
        Assert.Equal(6, bed.Core.Dropped(DropReason.StaleReport));
    }

    [Fact]
    public void Cancelling_drops_what_has_not_begun_and_cancels_what_runs()
    {
        var bed = new WorkerBed();
        bed.Assign(0, 4);
        bed.Cancel(0, 4);
        Assert.Equal([At(0)], bed.Actions.Cancels);
        Assert.Equal(0, bed.Core.QueuedTasks);
        Assert.Empty(bed.Reports.Retracted);
        bed.Cancel(0, 4);
        Assert.Empty(bed.Actions.Cancels);
        bed.Fail(0, 0);
        Assert.Empty(bed.Reports.Failed);
        Assert.Equal(0, bed.Core.RunningSlots);
        bed.Cancel(0, 4);
        Assert.Equal(1, bed.Core.Dropped(DropReason.UnknownCancel));
    }

    [Fact]
    public void The_stored_result_of_a_cancelled_member_is_freed_and_its_neighbours_are_reported()
    {
        var bed = new WorkerBed();
        bed.Teach(1000);
        bed.Assign(0, 5, keep: true);
        bed.Cancel(2);
        bed.Complete(0, 0, 5, kept: true);
        Assert.Equal([At(0, 2), At(3, 2)], bed.Reports.Completed.Select(run => run.Tasks));
        Assert.Equal([2, 2], bed.Reports.Completed.Select(run => run.Values.Count));
        Assert.Equal([Run(2)], bed.Actions.Frees);
        Assert.Equal(4, bed.Core.StoredBytes);
    }

    [Fact]
    public void Cancelled_members_that_are_given_back_do_not_run()
    {
        var bed = new WorkerBed();
        bed.Teach(1000);
        bed.Assign(0, 10);
        bed.Cancel(5, 2);
        bed.Step(new AttemptsYielded(0, At(1, 9)));
        Assert.Equal(7, bed.Core.QueuedTasks);
    }

    [Fact]
    public void The_story_of_a_task_tells_its_life()
    {
        var bed = new WorkerBed();
        bed.Assign(0, 3);
        bed.Assign(10, inputs: InputIds.Elementwise(Id(99)));
        bed.Complete(0, 0);
        var story = bed.Core.Story(Id(0));
        Assert.Contains("Assigned attempt 1:1", story);
        Assert.Contains("Begun attempt 1:1 slot 0", story);
        Assert.Contains("Completed", story);
        Assert.Contains("needs 1.99 Missing", bed.Core.Story(Id(10)));
        Assert.Contains("now on slot 0", bed.Core.Story(Id(1)));
    }
}
