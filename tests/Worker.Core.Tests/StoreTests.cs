using Weft.Primitives;
using static Weft.Worker.Core.Tests.WorkerBed;

namespace Weft.Worker.Core.Tests;

public sealed class StoreTests
{
    [Fact]
    public void Freeing_parts_of_blocks_leaves_the_rest()
    {
        var bed = new WorkerBed();
        bed.Give(0, 10);
        bed.Give(10, 10);
        bed.Free(5, 10);
        Assert.Equal([Run(5, 10)], bed.Actions.Frees);
        Assert.Equal(10, bed.Core.StoredBytes);
        bed.Free(0, 20);
        Assert.Equal([Run(0, 5), Run(15, 5)], bed.Actions.Frees);
        Assert.Equal(0, bed.Core.StoredBytes);
        bed.Free(0, 20);
        Assert.Equal(1, bed.Core.Dropped(DropReason.UnknownFree));
    }

    [Fact]
    public void Values_given_again_count_once()
    {
        var bed = new WorkerBed();
        bed.Give(2, 3);
        bed.Give(0, 10);
        Assert.Equal(10, bed.Core.StoredBytes);
        Assert.Equal(1, bed.Core.Dropped(DropReason.DuplicateValue));
        bed.Free(0, 10);
        Assert.Equal(0, bed.Core.StoredBytes);
    }

    [Fact]
    public void An_input_freed_before_the_tasks_turn_is_asked_for_again()
    {
        var bed = new WorkerBed();
        bed.Give(0);
        bed.Assign(50);
        bed.Assign(10, inputs: InputIds.Elementwise(Id(0)));
        bed.Free(0);
        bed.Complete(0, 50);
        Assert.Empty(bed.Actions.Runs);
        Assert.Equal([Run(0)], bed.Reports.Missing);
        bed.Give(0);
        Assert.Equal(Run(10), bed.Begun.Run);
    }

    [Fact]
    public void Large_results_are_reported_by_size()
    {
        var bed = new WorkerBed();
        bed.Assign(0);
        bed.Step(new AttemptsCompleted(0, At(0), 1000, default, new long[] { 1 << 20 }));
        var completed = Assert.Single(bed.Reports.Completed);
        Assert.Equal([1 << 20], completed.StoredBytes.ToArray());
        Assert.Equal(0, completed.Values.Count);
        Assert.Equal(1 << 20, bed.Core.StoredBytes);
    }

    [Fact]
    public void A_small_kept_result_travels_and_stays()
    {
        var bed = new WorkerBed();
        bed.Assign(0, keep: true);
        bed.Complete(0, 0, kept: true);
        Assert.Equal(1, Assert.Single(bed.Reports.Completed).Values.Count);
        Assert.Equal(0, Assert.Single(bed.Reports.Completed).StoredBytes.Length);
        Assert.Equal(1, bed.Core.StoredBytes);
    }
}
