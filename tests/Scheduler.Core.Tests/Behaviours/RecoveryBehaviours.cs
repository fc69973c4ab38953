using Weft.Primitives;
using static Weft.Scheduler.Core.Tests.SchedulerHarness;

namespace Weft.Scheduler.Core.Tests.Behaviours;

/// <summary>What users may count on when workers are lost. The numbers are those of docs/behaviours.md.</summary>
public sealed class RecoveryBehaviours
{
    private readonly SchedulerHarness _harness = new();

    /// <summary>2.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Results_already_computed_on_a_killed_worker_are_recomputed_transparently_when_a_later_task_or_gather_needs_them(bool isHeld)
    {
        _harness.Learn();
        _harness.Join(1);
        var a = _harness.New();
        var b = _harness.New(1, 1, null, On(a.First));
        var assigned = _harness.Submit(a, b);
        _harness.CompleteStored(Assigned(assigned, a.Run));
        _harness.CompleteStored(Assigned(assigned, b.Run));
        if (!isHeld)
        {
            // Only its lineage is kept: for b's sake.
            _harness.Release(a.Run);
        }

        _harness.Lose(1);

        // A later task needs b, which is gone and needs a, which is gone too.
        var c = _harness.New(1, 1, null, On(b.First));
        _harness.Submit(c);
        var again = _harness.Join(2);
        var remade = new List<SchedulerAction>(Assignments(again));
        remade.AddRange(Assignments(_harness.CompleteStored(Assigned(again, a.Run))));
        remade.AddRange(Assignments(_harness.CompleteStored(Assigned(remade, b.Run))));
        _harness.Complete(2, Assigned(remade, c.Run));
        Assert.Equal(TaskPhase.Done, _harness.PhaseOf(c.Run));

        // And a gather is told where b is now.
        Assert.Equal(["TellHolders 1.2 -> 1"], Lines(_harness.Want(b.Run)));
        Assert.Equal(["worker-2"], _harness.Core.HoldersOf(b.First).Select(holder => holder.Name));
    }

    /// <summary>3.</summary>
    [Fact]
    public void A_peer_that_dies_while_serving_data_leaves_no_stale_who_has_entries_anywhere_and_the_dependent_task_still_completes()
    {
        _harness.Join(1);
        var a = _harness.New();
        _harness.CompleteStored(Assigned(_harness.Submit(a), a.Run));
        _harness.Join(2);
        var b = _harness.New(1, 1, new TaskOptions { AllowedWorkers = ["worker-2"] }, On(a.First));
        Assert.Equal(["SendHolders 1.1 -> 2", "Assign 1.2 -> 2 ById keep", "Acknowledge 1.3+0 -> 1"], Lines(_harness.Submit(b)));

        var again = Assigned(_harness.Lose(1), a.Run);
        Assert.Empty(_harness.Core.HoldersOf(a.First));
        Assert.Contains("Cancel 1.2 -> 2", Lines(_harness.Apply(_harness.Spoke(2) with { Missing = [a.Run] })));
        var next = Assigned(_harness.CompleteStored(again), b.Run);
        Assert.Equal(["worker-2"], _harness.Core.HoldersOf(a.First).Select(holder => holder.Name));
        _harness.Complete(2, next);
        Assert.Equal(TaskPhase.Done, _harness.PhaseOf(b.Run));
    }

    /// <summary>5.</summary>
    [Fact]
    public void A_data_transfer_that_completes_after_everyone_released_the_key_does_not_leave_an_orphan_replica()
    {
        _harness.Join(1);
        _harness.Join(2);
        var a = _harness.New();
        var assigned = Assigned(_harness.Submit(a), a.Run);
        _harness.CompleteStored(assigned);
        _harness.Release(a.Run);
        var other = assigned.Target == 1 ? 2 : 1;
        Assert.Equal([$"Free 1.1 -> {other}"], Lines(_harness.Apply(_harness.Spoke(other) with { Held = [a.Run] })));
    }
}
