using Weft.Primitives;
using static Weft.Scheduler.Core.Tests.SchedulerHarness;

namespace Weft.Scheduler.Core.Tests;

/// <summary>Where results are, who is told, and when copies go.</summary>
public sealed class CopyTests
{
    private static readonly TaskOptions OnSecond = new() { AllowedWorkers = ["worker-2"] };

    private readonly SchedulerHarness _harness = new();

    [Fact]
    public void A_result_with_a_copy_survives_its_maker_and_is_lost_with_its_last_holder()
    {
        var a = StoredAtOne();
        _harness.Join(2);
        _harness.Apply(_harness.Spoke(2) with { Held = [a.Run] });
        Assert.Empty(_harness.Lose(1));
        Assert.Equal(["worker-2"], _harness.Core.HoldersOf(a.First).Select(holder => holder.Name));
        Assert.Equal(["TellOutcome 1.1 -> 1 Waiting"], Lines(_harness.Lose(2)));
    }

    [Fact]
    public void All_copies_are_freed_when_the_last_holder_lets_go()
    {
        var a = StoredAtOne();
        _harness.Join(2);
        _harness.Apply(_harness.Spoke(2) with { Held = [a.Run] });
        Assert.Equal(100_000, _harness.Core.LoadOf(new WorkerId(2)).StoredBytes);
        Assert.Equal(["Free 1.1 -> 1", "Free 1.1 -> 2"], Lines(_harness.Release(a.Run)));
        Assert.Equal((0, 0, 0L), _harness.LoadOf(1));
        Assert.Equal((0, 0, 0L), _harness.LoadOf(2));
    }

    [Fact]
    public void A_range_that_is_released_is_freed_as_a_range()
    {
        _harness.Learn(durationNs: 100);
        _harness.Join(1);
        var a = _harness.New(200);
        _harness.CompleteStored(Assigned(_harness.Submit(a), a.Run));
        Assert.Equal(["Free 1.1+200 -> 1"], Lines(_harness.Release(a.Run)));
    }

    [Fact]
    public void A_holder_that_says_so_twice_is_one_holder()
    {
        var a = StoredAtOne();
        _harness.Apply(_harness.Spoke(1) with { Held = [a.Run, a.Run] });
        Assert.Single(_harness.Core.HoldersOf(a.First));
        Assert.Equal(100_000, _harness.Core.LoadOf(new WorkerId(1)).StoredBytes);
    }

    [Fact]
    public void A_small_input_beside_a_large_one_is_sent_once_to_each_worker_and_freed_after_its_last_consumer()
    {
        var large = StoredAtOne();
        var small = _harness.New(1, 3);
        _harness.Complete(1, Assigned(_harness.Submit(small), small.Run));
        var both = _harness.New(2, 1, null, On(large.First), On(small.First));
        var sent = _harness.Submit(both);
        Assert.Equal(["SendKeptValues 1.2 -> 1", "Assign 1.3 -> 1 ById keep", "Assign 1.4 -> 1 ById keep", "Acknowledge 1.5+0 -> 1"], Lines(sent));
        var assigned = Assignments(sent);
        Assert.DoesNotContain(_harness.Complete(1, assigned[0]), action => action.Kind == ActionKind.Free && action.Run.Contains(small.First));
        Assert.Contains("Free 1.2 -> 1", Lines(_harness.Complete(1, assigned[1])));
        Assert.True(_harness.Core.TryGetInlineValue(small.First, out _));
    }

    [Fact]
    public void A_worker_that_misses_a_small_input_is_sent_it_again()
    {
        _harness.Join(1);
        var a = _harness.New();
        _harness.Complete(1, Assigned(_harness.Submit(a), a.Run));
        Assert.Equal(["SendKeptValues 1.1 -> 1"], Lines(_harness.Apply(_harness.Spoke(1) with { Missing = [a.Run] })));
    }

    [Fact]
    public void A_task_goes_where_its_large_input_is_even_if_another_worker_is_idle()
    {
        var a = StoredAtOne(bytes: 50_000_000);
        _harness.Join(2);
        var b = _harness.New(1, 1, null, On(a.First));
        Assert.Equal(1, Assigned(_harness.Submit(b), b.Run).Target);
    }

    [Fact]
    public void A_task_that_must_run_elsewhere_is_told_who_holds_its_input()
    {
        var a = StoredAtOne();
        _harness.Join(2);
        var b = _harness.New(1, 1, OnSecond, On(a.First));
        Assert.Equal(["SendHolders 1.1 -> 2", "Assign 1.2 -> 2 ById keep", "Acknowledge 1.3+0 -> 1"], Lines(_harness.Submit(b)));
    }

    [Fact]
    public void A_result_larger_than_four_gigabytes_keeps_its_size()
    {
        var a = StoredAtOne(bytes: 5_000_000_123);
        Assert.Equal(5_000_000_123, _harness.Core.StoredBytesOf(a.First));
        Assert.Equal(5_000_000_123, _harness.Core.LoadOf(new WorkerId(1)).StoredBytes);
    }

    [Fact]
    public void Above_the_budget_of_inline_results_workers_keep_small_ones_too_until_it_has_fallen_to_half()
    {
        var harness = new SchedulerHarness(new SchedulerOptions { InlineBudgetBytes = 2 });
        harness.Join(1);
        var results = new List<Submission>();
        for (var i = 0; i < 3; i++)
        {
            results.Add(harness.New());
            var assigned = Assigned(harness.Submit(results[i]), results[i].Run);
            Assert.False(assigned.Store);
            harness.Complete(1, assigned);
        }

        Assert.True(AssignNext());
        harness.Release(results[0].Run);
        Assert.True(AssignNext());
        harness.Release(results[1].Run);
        Assert.Equal(1, harness.Core.InlineBytes);
        Assert.False(AssignNext());

        bool AssignNext()
        {
            var next = harness.New();
            var assigned = Assigned(harness.Submit(next), next.Run);
            harness.CompleteStored(assigned, bytes: 1);
            return assigned.Store;
        }
    }

    private Submission StoredAtOne(long bytes = 100_000)
    {
        _harness.Join(1);
        var a = _harness.New(1, 2);
        _harness.CompleteStored(Assigned(_harness.Submit(a), a.Run), bytes);
        return a;
    }
}
