using Weft.Primitives;
using static Weft.Worker.Core.Tests.WorkerBed;

namespace Weft.Worker.Core.Tests;

public sealed class ChunkTests
{
    [Fact]
    public void A_function_not_seen_before_runs_one_task_at_a_time()
    {
        var bed = new WorkerBed();
        bed.Assign(0, 100);
        Assert.Equal(Run(0), bed.Begun.Run);
        Assert.Equal(99, bed.Core.QueuedTasks);
    }

    [Theory]
    [InlineData(1_000, 1000)]
    [InlineData(100, 4096)]
    [InlineData(10_000_000, 1)]
    public void A_slot_takes_a_millisecond_of_measured_work(long ns, int expected)
    {
        var bed = new WorkerBed();
        bed.Teach(ns);
        bed.Assign(0, 100_000);
        Assert.Equal(Run(0, expected), bed.Begun.Run);
    }

    [Fact]
    public void Slots_share_a_short_range()
    {
        var bed = new WorkerBed(slots: 4);
        bed.Assign(900_000);
        bed.Complete(bed.Begun.Slot, 900_000);
        bed.Assign(0, 100);
        Assert.Equal(4, bed.Actions.Runs.Count);
        Assert.Equal(Run(0, 25), bed.Actions.Runs[0].Run);
        Assert.Equal(4, bed.Actions.Runs.Select(run => run.Slot).Distinct().Count());
    }

    [Fact]
    public void A_completed_chunk_is_reported_as_a_run_and_the_same_slot_takes_the_next()
    {
        var bed = new WorkerBed(slots: 2);
        bed.Teach(1000);
        bed.Assign(0, 10_000);
        var chunk = bed.Actions.Runs[1];
        bed.Complete(bed.Actions.Runs[0].Slot, 0, 1000);
        var completed = Assert.Single(bed.Reports.Completed);
        Assert.Equal(At(0, 1000), completed.Tasks);
        Assert.Equal(1_000_000, completed.DurationNs);
        Assert.Equal(1000, completed.Values.Count);
        Assert.Equal(Run(2000, 1000), bed.Begun.Run);
        Assert.NotEqual(chunk.Slot, bed.Begun.Slot);
    }

    [Fact]
    public void A_chunk_may_be_reported_in_parts_with_failures_between()
    {
        var bed = new WorkerBed();
        bed.Teach(1000);
        bed.Assign(0, 10);
        bed.Complete(0, 0, 4);
        Assert.Empty(bed.Actions.Runs);
        bed.Fail(0, 4);
        Assert.Equal(Id(4), Assert.Single(bed.Reports.Failed).Task);
        bed.Complete(0, 5, 5);
        Assert.Equal(0, bed.Core.RunningSlots);
    }

    [Fact]
    public void A_task_with_a_run_limit_is_a_chunk_of_its_own()
    {
        var bed = new WorkerBed();
        bed.Teach(1000);
        bed.Step(new TasksAssigned(new Assignment { Run = Run(0, 10), Attempt = First, Function = Square, RunTimeoutMs = 5 }));
        Assert.Equal(Run(0), bed.Begun.Run);
    }

    [Fact]
    public void A_chunk_that_takes_long_is_asked_to_give_back_its_rest()
    {
        var bed = new WorkerBed();
        bed.Teach(1000);
        bed.Assign(0, 10);
        Assert.Equal(1005, bed.Core.NextDeadlineMs);
        bed.Step(new DeadlinePassed(), elapsedMs: 5);
        Assert.Equal([0], bed.Actions.Yields);
        Assert.Empty(bed.Reports.Started);
        Assert.Null(bed.Core.NextDeadlineMs);

        bed.Complete(0, 0, 2);
        bed.Step(new AttemptsYielded(0, At(3, 7)));
        Assert.Equal([At(2)], bed.Reports.Started);
        Assert.Equal(7, bed.Core.QueuedTasks);
        bed.Retract(3, 7);
        Assert.Equal([At(3, 7)], bed.Reports.Retracted);
    }

    [Fact]
    public void What_a_slot_gives_back_keeps_its_place_in_the_queue()
    {
        var bed = new WorkerBed();
        bed.Teach(1000);
        bed.Assign(0, 10);
        bed.Assign(100, 10);
        bed.Step(new AttemptsYielded(0, At(1, 9)));
        bed.Complete(0, 0);
        Assert.Equal(Run(1, 9), bed.Begun.Run);
    }

    [Fact]
    public void What_a_slot_gives_back_has_its_turn_before_the_rest_of_its_range()
    {
        var bed = new WorkerBed();
        bed.Teach(100_000);
        bed.Assign(0, 100);
        Assert.Equal(Run(0, 10), bed.Begun.Run);
        bed.Step(new AttemptsYielded(0, At(4, 6)));
        bed.Complete(0, 0, 4, nsEach: 100_000);
        Assert.Equal(Run(4, 6), bed.Begun.Run);
        bed.Complete(0, 4, 6, nsEach: 100_000);
        Assert.Equal(Id(10), bed.Begun.Run.First);
    }

    [Fact]
    public void A_single_task_that_takes_long_is_told_as_started_once()
    {
        var bed = new WorkerBed();
        bed.Assign(0);
        bed.Step(new DeadlinePassed(), elapsedMs: 4);
        Assert.Empty(bed.Reports.Started);
        bed.Step(new DeadlinePassed(), elapsedMs: 1);
        Assert.Equal([At(0)], bed.Reports.Started);
        bed.Step(new DeadlinePassed(), elapsedMs: 10);
        Assert.Empty(bed.Reports.Started);
        Assert.Null(bed.Core.NextDeadlineMs);
    }

    [Fact]
    public void No_work_is_begun_while_the_outbox_is_full()
    {
        var bed = new WorkerBed();
        bed.Step(new OutboxFilled());
        bed.Assign(0);
        Assert.Empty(bed.Actions.Runs);
        bed.Step(new OutboxDrained());
        Assert.Equal(Run(0), bed.Begun.Run);
    }

    [Fact]
    public void A_worker_that_leaves_lets_running_tasks_end_and_begins_no_others()
    {
        var bed = new WorkerBed();
        bed.Assign(0, 2);
        bed.Step(new DrainBegan());
        bed.Complete(0, 0);
        Assert.Single(bed.Reports.Completed);
        Assert.Empty(bed.Actions.Runs);
        bed.Retract(1);
        Assert.Equal([At(1)], bed.Reports.Retracted);
    }

    [Fact]
    public void The_first_run_with_its_compilation_is_soon_forgotten()
    {
        var bed = new WorkerBed();
        bed.Assign(0, 100_000);
        bed.Complete(0, 0, nsEach: 20_000_000);
        var tasks = 1;
        for (var step = 0; step < 60; step++)
        {
            var chunk = bed.Begun.Run;
            bed.Complete(0, chunk.First.Sequence, chunk.Count, nsEach: 500);
            tasks += chunk.Count;
        }

        Assert.True(bed.Begun.Run.Count > 1000, $"{tasks} tasks later a chunk is {bed.Begun.Run.Count}");
    }
}
