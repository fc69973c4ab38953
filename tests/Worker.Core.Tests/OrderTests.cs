using Weft.Primitives;
using static Weft.Worker.Core.Tests.WorkerBed;

namespace Weft.Worker.Core.Tests;

public sealed class OrderTests
{
    [Fact]
    public void Higher_priority_runs_first_and_equals_run_as_they_came()
    {
        var bed = new WorkerBed();
        bed.Assign(0);
        bed.Assign(10, priority: 0);
        bed.Assign(20, priority: 5);
        bed.Assign(30, priority: -1);
        bed.Assign(5, priority: 5);
        var order = new List<ulong>();
        bed.Complete(0, 0);
        while (bed.Actions.Runs.Count > 0)
        {
            order.Add(bed.Begun.Run.First.Sequence);
            bed.Complete(0, bed.Begun.Run.First.Sequence);
        }

        Assert.Equal([20, 5, 10, 30], order);
    }

    [Fact]
    public void A_chain_of_a_thousand_handed_ahead_runs_in_order()
    {
        var bed = new WorkerBed(slots: 2);
        bed.Assign(0, keep: true);
        var first = bed.Begun;
        for (ulong link = 1; link < 1000; link++)
        {
            bed.Assign(link, inputs: InputIds.Elementwise(Id(link - 1)), attempt: new Attempt(1, (uint)link), keep: true);
            Assert.Empty(bed.Actions.Runs);
        }

        Assert.Empty(bed.Reports.Missing);
        var (slot, attempt) = (first.Slot, First);
        for (ulong link = 0; link < 999; link++)
        {
            bed.Complete(slot, link, attempt: attempt, kept: true);
            Assert.Equal(Run(link + 1), bed.Begun.Run);
            Assert.Equal(slot, bed.Begun.Slot);
            attempt = bed.Begun.Assignment.Attempt;
        }

        bed.Complete(slot, 999, attempt: attempt, kept: true);
        Assert.Equal(0, bed.Core.QueuedTasks);
        Assert.Equal(1000, bed.Core.StoredBytes);
    }

    [Fact]
    public void A_task_that_builds_on_a_failed_attempt_does_not_run()
    {
        var bed = new WorkerBed();
        bed.Assign(0, keep: true);
        bed.Assign(1, inputs: InputIds.Elementwise(Id(0)));
        bed.Fail(0, 0);
        Assert.Empty(bed.Actions.Runs);
        Assert.Empty(bed.Reports.Missing);
        bed.Cancel(1);
        Assert.Equal(0, bed.Core.QueuedTasks);
    }

    [Fact]
    public void A_task_that_builds_on_a_result_that_was_not_kept_asks_for_it()
    {
        var bed = new WorkerBed();
        bed.Assign(0);
        bed.Assign(1, inputs: InputIds.Elementwise(Id(0)));
        bed.Complete(0, 0);
        Assert.Equal([Run(0)], bed.Reports.Missing);
        bed.Give(0);
        Assert.Equal(Run(1), bed.Begun.Run);
    }

    [Fact]
    public void A_range_whose_inputs_are_all_here_stays_one_range()
    {
        var bed = new WorkerBed();
        bed.Teach(1000);
        bed.Give(1000);
        bed.Assign(0, 500, inputs: new InputIds([new InputRule(Id(1000), 1, 0, 0)]));
        Assert.Equal(Run(0, 500), bed.Begun.Run);
    }

    [Fact]
    public void Members_whose_inputs_are_here_run_while_the_others_wait()
    {
        var bed = new WorkerBed();
        bed.Teach(1000);
        bed.Give(100, 4);
        bed.Give(105, 2);
        bed.Assign(0, 7, inputs: InputIds.Elementwise(Id(100)));
        Assert.Equal([Run(104)], bed.Reports.Missing);
        Assert.Equal(Run(0, 4), bed.Begun.Run);
        bed.Complete(0, 0, 4);
        Assert.Equal(Run(5, 2), bed.Begun.Run);
        bed.Give(104);
        bed.Complete(0, 5, 2);
        Assert.Equal(Run(4), bed.Begun.Run);
    }

    [Fact]
    public void A_fan_in_waits_for_all_of_its_inputs()
    {
        var bed = new WorkerBed();
        bed.Assign(10, inputs: InputIds.FanIn(Run(0, 3)));
        Assert.Equal([Run(0, 3)], bed.Reports.Missing);
        bed.Give(0, 2);
        Assert.Empty(bed.Actions.Runs);
        bed.Give(2);
        Assert.Equal(Run(10), bed.Begun.Run);
    }

    [Fact]
    public void An_input_named_twice_is_waited_for_once_and_runs_the_task_once()
    {
        var bed = new WorkerBed();
        bed.Assign(10, inputs: OwnInputs(3, 3));
        Assert.Equal([Run(3)], bed.Reports.Missing);
        bed.Give(3);
        Assert.Equal(Run(10), bed.Begun.Run);
        bed.Complete(0, 10);
        Assert.Equal(0, bed.Core.QueuedTasks);
    }
}
