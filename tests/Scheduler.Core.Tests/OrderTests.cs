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
    public void Live_outputs_of_roots_never_exceed_slots_and_one_because_graphs_are_worked_off_in_depth()
    {
        _harness.Join(1, slots: 2);
        var roots = _harness.New(50, 1);
        var leaves = _harness.New(50, 2, null, new InputRule(roots.First, 1, 1, 0));
        var open = new Queue<SchedulerAction>(Assignments(_harness.Submit(roots, leaves)));
        _harness.Release(roots.Run);
        var mostLive = 0;
        while (open.TryDequeue(out var next))
        {
            // Roots are finished in the order in which they came; what consumes them comes first of all.
            for (var i = 0; i < next.Run.Count; i++)
            {
                var one = next with { Run = next.Run.Slice(i, 1) };
                var actions = roots.Run.Contains(one.Run.First) ? _harness.CompleteStored(one, 1_000_000) : _harness.Complete(1, one);
                foreach (var assigned in Assignments(actions))
                {
                    open.Enqueue(assigned);
                }

                mostLive = Math.Max(mostLive, Enumerable.Range(0, 50).Count(root => _harness.Core.PhaseOf(roots.First + root) == TaskPhase.Done));
            }
        }

        Assert.Equal(50, Enumerable.Range(0, 50).Count(leaf => _harness.Core.PhaseOf(leaves.First + leaf) == TaskPhase.Done));
        Assert.InRange(mostLive, 1, 3);
    }

    [Fact]
    public void A_restriction_that_nobody_meets_fails_only_that_task_after_its_timeout_and_no_workers_is_told_apart_from_no_valid_worker()
    {
        var options = new TaskOptions { AllowedWorkers = ["nobody"], QueueTimeoutMs = 100 };
        var early = _harness.New(1, 1, options);
        _harness.Submit(early);
        _harness.NowMs = 100;
        var none = Assert.Single(_harness.Apply(new ClockTicked()));
        Assert.Equal(ErrorKind.NoValidWorker, none.Error!.Kind);
        Assert.Contains("there are no workers", none.Error.Message, StringComparison.Ordinal);

        _harness.Join(1);
        var late = _harness.New(1, 1, options);
        var free = _harness.New();
        var assigned = Assigned(_harness.Submit(late, free), free.Run);
        _harness.NowMs = 200;
        var invalid = Assert.Single(_harness.Apply(new ClockTicked()));
        Assert.Contains("none of the 1 workers is valid: it needs one of the workers nobody", invalid.Error!.Message, StringComparison.Ordinal);
        _harness.Complete(1, assigned);
        Assert.Equal(TaskPhase.Done, _harness.PhaseOf(free.Run));
    }

    [Fact]
    public void The_scheduler_is_not_idle_while_a_graph_is_being_taken_in()
    {
        Assert.True(_harness.Core.IsIdle);
        _harness.Join(1);
        _harness.Teach();
        _harness.Lose(1);
        var a = _harness.New();
        var b = _harness.New(1, 1, null, On(a.First));
        _harness.Submit(a);
        Assert.False(_harness.Core.IsIdle);
        _harness.Submit(b);
        Assert.False(_harness.Core.IsIdle);
        var assigned = _harness.Join(2);
        _harness.Complete(2, Assigned(assigned, a.Run));
        Assert.False(_harness.Core.IsIdle);
        _harness.Complete(2, Assigned(assigned, b.Run));
        Assert.True(_harness.Core.IsIdle);
    }

    [Fact]
    public void A_duplicate_worker_name_is_rejected_without_corrupting_state()
    {
        _harness.Join(1, name: "same");
        var a = _harness.New();
        var assigned = Assigned(_harness.Submit(a), a.Run);
        Assert.Equal(["DismissWorker 0.0+0 -> 2"], Lines(_harness.Join(2, name: "same")));
        Assert.Equal(1, _harness.Core.WorkerCount);
        _harness.Lose(2);
        Assert.Equal(["TellOutcome 1.1 -> 1 Done"], Lines(_harness.Complete(1, assigned)));
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
        _harness.Join(1);
        _harness.Teach();
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
