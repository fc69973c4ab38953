using Weft.Primitives;
using static Weft.Scheduler.Core.Tests.SchedulerHarness;

namespace Weft.Scheduler.Core.Tests.Behaviours;

/// <summary>What users may count on about order, queues and workers that come. The numbers are those of docs/behaviours.md.</summary>
public sealed class QueueBehaviours
{
    private readonly SchedulerHarness _harness = new();

    /// <summary>33.</summary>
    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 2)]
    [InlineData(1, 4)]
    [InlineData(2, 2)]
    [InlineData(3, 1)]
    public void Graph_executes_depth_first_enough_that_live_root_outputs_per_worker_never_exceed_slots_plus_1(int workers, int slots)
    {
        for (var worker = 1; worker <= workers; worker++)
        {
            _harness.Join(worker, slots);
        }

        const int Roots = 60;
        var roots = _harness.New(Roots, 1);
        var leaves = _harness.New(Roots, 2, null, new InputRule(roots.First, 1, 1, 0));
        var open = new Queue<SchedulerAction>(Assignments(_harness.Submit(roots, leaves)));
        _harness.Release(roots.Run);
        var mostLive = 0;
        while (open.TryDequeue(out var next))
        {
            for (var i = 0; i < next.Run.Count; i++)
            {
                var one = next with { Run = next.Run.Slice(i, 1) };
                var isRoot = roots.Run.Contains(one.Run.First);
                foreach (var assigned in Assignments(isRoot ? _harness.CompleteStored(one, 1_000_000) : _harness.Complete(one.Target, one)))
                {
                    open.Enqueue(assigned);
                }

                mostLive = Math.Max(mostLive, MostLiveRoots(roots));
            }
        }

        Assert.Equal(Roots, Enumerable.Range(0, Roots).Count(leaf => _harness.Core.PhaseOf(leaves.First + leaf) == TaskPhase.Done));
        Assert.InRange(mostLive, 1, slots + 1);
    }

    /// <summary>44.</summary>
    [Fact]
    public void Unsatisfiable_restriction_fails_only_that_task_after_the_timeout_while_others_keep_running_no_workers_is_told_apart_from_no_valid_worker()
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
        _harness.NowMs = 199;
        Assert.Empty(_harness.Apply(new ClockTicked()));
        _harness.NowMs = 200;
        var invalid = Assert.Single(_harness.Apply(new ClockTicked()));
        Assert.Equal(late.Run, invalid.Run);
        Assert.Contains("none of the 1 workers is valid: it needs one of the workers nobody", invalid.Error!.Message, StringComparison.Ordinal);
        _harness.Complete(1, assigned);
        Assert.Equal(TaskPhase.Done, _harness.PhaseOf(free.Run));
    }

    /// <summary>45.</summary>
    [Fact]
    public void Scheduler_is_not_idle_while_a_graph_is_being_ingested()
    {
        _harness.Learn();
        Assert.True(_harness.Core.IsIdle);
        var a = _harness.New();
        var b = _harness.New(1, 1, null, On(a.First));
        _harness.Submit(a);
        Assert.False(_harness.Core.IsIdle);
        _harness.Submit(b);
        Assert.False(_harness.Core.IsIdle);
        var assigned = _harness.Join(1);
        _harness.Complete(1, Assigned(assigned, a.Run));
        Assert.False(_harness.Core.IsIdle);
        _harness.Complete(1, Assigned(assigned, b.Run));
        Assert.True(_harness.Core.IsIdle);
    }

    /// <summary>46.</summary>
    [Fact]
    public void Duplicate_worker_name_is_rejected_without_corrupting_state()
    {
        _harness.Join(1, name: "same");
        var a = _harness.New();
        var assigned = Assigned(_harness.Submit(a), a.Run);
        Assert.Equal(["DismissWorker 0.0+0 -> 2"], Lines(_harness.Join(2, name: "same")));
        Assert.Equal(1, _harness.Core.WorkerCount);

        // Whatever is said of the one that was refused changes nothing.
        Assert.Empty(_harness.Complete(2, assigned));
        Assert.Empty(_harness.Lose(2));
        Assert.Equal(2, _harness.Core.Drops[DropReason.UnknownWorker]);
        Assert.Equal(["TellOutcome 1.1 -> 1 Done"], Lines(_harness.Complete(1, assigned)));

        // The name is free again when its worker is gone.
        _harness.Lose(1);
        Assert.Empty(_harness.Join(3, name: "same"));
        Assert.Equal(1, _harness.Core.WorkerCount);
    }

    /// <summary>The most root outputs that one worker holds.</summary>
    private int MostLiveRoots(Submission roots) => Enumerable.Range(0, roots.Count)
        .SelectMany(root => _harness.Core.HoldersOf(roots.First + root))
        .GroupBy(holder => holder.Name)
        .Select(group => group.Count())
        .DefaultIfEmpty()
        .Max();
}
