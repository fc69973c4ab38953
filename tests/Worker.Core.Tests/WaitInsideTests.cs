using Weft.Primitives;
using static Weft.Worker.Core.Tests.WorkerBed;

namespace Weft.Worker.Core.Tests;

public sealed class WaitInsideTests
{
    [Fact]
    public void A_task_that_waits_inside_leaves_its_slot_and_resumes_ahead_of_new_work()
    {
        var bed = new WorkerBed();
        bed.Assign(0);
        bed.Assign(1);
        bed.Assign(2, priority: 9);
        bed.Step(new AttemptWaits(0, Id(0), First));
        Assert.Equal([At(0)], bed.Reports.WaitingInside);
        Assert.Equal(Run(2), bed.Begun.Run);

        bed.Step(new AttemptCanResume(Id(0), First));
        Assert.Empty(bed.Actions.Resumes);
        bed.Complete(0, 2);
        Assert.Empty(bed.Actions.Runs);
        Assert.Equal([new ResumeAttempt(0, Id(0), First)], bed.Actions.Resumes);
        Assert.Equal([At(0)], bed.Reports.ResumedInside);
        bed.Complete(0, 0);
        Assert.Equal(Run(1), bed.Begun.Run);
    }

    [Fact]
    public void It_may_resume_on_another_slot()
    {
        var bed = new WorkerBed(slots: 2);
        bed.Assign(0, 1);
        var slot = bed.Begun.Slot;
        bed.Step(new AttemptWaits(slot, Id(0), First));
        bed.Assign(10, 1);
        Assert.Equal(slot, bed.Begun.Slot);
        bed.Step(new AttemptCanResume(Id(0), First));
        Assert.Equal([new ResumeAttempt(1 - slot, Id(0), First)], bed.Actions.Resumes);
        bed.Complete(1 - slot, 0);
        Assert.Single(bed.Reports.Completed);
    }

    [Fact]
    public void Waits_beyond_the_bound_keep_their_slot()
    {
        var bed = new WorkerBed(limits: new WorkerCoreLimits { WaitsMax = 1 });
        bed.Assign(0);
        bed.Assign(1);
        bed.Step(new AttemptWaits(0, Id(0), First));
        bed.Step(new AttemptWaits(0, Id(1), First));
        Assert.Equal(1, bed.Core.Dropped(DropReason.TooManyWaits));
        bed.Step(new AttemptCanResume(Id(1), First));
        Assert.Equal([new ResumeAttempt(0, Id(1), First)], bed.Actions.Resumes);
        bed.Complete(0, 1);
        bed.Step(new AttemptCanResume(Id(0), First));
        Assert.Equal([new ResumeAttempt(0, Id(0), First)], bed.Actions.Resumes);
    }

    [Fact]
    public void A_cancelled_task_that_waits_inside_is_told_and_its_end_not_reported()
    {
        var bed = new WorkerBed();
        bed.Assign(0);
        bed.Step(new AttemptWaits(0, Id(0), First));
        bed.Cancel(0);
        Assert.Equal([At(0)], bed.Actions.Cancels);
        bed.Step(new AttemptCanResume(Id(0), First));
        bed.Fail(0, 0);
        Assert.Empty(bed.Reports.Failed);
        Assert.Equal(0, bed.Core.RunningSlots);
    }

    [Fact]
    public void Going_on_without_having_waited_is_counted()
    {
        var bed = new WorkerBed();
        bed.Step(new AttemptCanResume(Id(0), First));
        bed.Step(new AttemptWaits(0, Id(0), First));
        Assert.Equal(2, bed.Core.Dropped(DropReason.UnknownWait));
    }
}
