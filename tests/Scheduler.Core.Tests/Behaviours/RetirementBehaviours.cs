using Weft.Primitives;
using static Weft.Scheduler.Core.Tests.SchedulerHarness;

namespace Weft.Scheduler.Core.Tests.Behaviours;

/// <summary>What users may count on when workers are to go. The numbers are those of docs/behaviours.md.</summary>
public sealed class RetirementBehaviours
{
    private const long LeaseMs = 30_000;

    private readonly SchedulerHarness _harness = new(new SchedulerOptions { WorkerLeaseMs = LeaseMs });

    /// <summary>34.</summary>
    [Fact]
    public void Retiring_90_percent_of_a_cluster_at_once_moves_all_unique_data_not_recomputed_to_the_survivor()
    {
        var results = new List<Submission>();
        for (var worker = 1; worker <= 10; worker++)
        {
            Join(worker);
            for (var i = 0; i < 100; i++)
            {
                results.Add(StoredAt(worker));
            }
        }

        var stopped = new HashSet<int>();
        var actions = _harness.Apply(new DrainAsked([.. Enumerable.Range(2, 9).Select(static id => new WorkerId(id))], "scaled down"));
        while (actions.Count > 0)
        {
            Assert.Empty(Assignments(actions));
            Assert.All(actions, static action => Assert.True(action.Kind != ActionKind.SendCopies || action.Target == 1));
            stopped.UnionWith(actions.Where(static action => action.Kind == ActionKind.StopWorker).Select(static action => action.Target));
            var copies = actions.Where(static action => action.Kind == ActionKind.SendCopies).Select(static action => action.Run).ToArray();
            actions = copies.Length == 0 ? [] : _harness.Apply(_harness.Spoke(1) with { Held = copies });
        }

        Assert.Equal(Enumerable.Range(2, 9), stopped.Order());
        foreach (var worker in stopped)
        {
            Assert.Empty(_harness.Lose(worker, isGraceful: true));
        }

        Assert.All(results, result => Assert.Equal(["worker-1"], _harness.Core.HoldersOf(result.First).Select(static holder => holder.Name)));
    }

    /// <summary>36.</summary>
    [Fact]
    public void If_there_is_nowhere_to_move_unique_data_that_worker_is_refused_retirement_and_returns_to_service_others_retire()
    {
        Join(1);
        Join(2);
        Join(3, memoryLimitBytes: 10_000);
        StoredAt(1, bytes: 1_000_000);
        StoredAt(2, bytes: 1_000);
        var actions = _harness.Apply(new DrainAsked([new WorkerId(1), new WorkerId(2)], "scaled down"));
        var copies = actions.Where(static action => action.Kind == ActionKind.SendCopies).ToArray();
        var copy = Assert.Single(copies);
        actions.AddRange(_harness.Apply(_harness.Spoke(copy.Target) with { Held = [copy.Run] }));

        Assert.Equal([2], actions.Where(static action => action.Kind == ActionKind.StopWorker).Select(static action => action.Target));
        Assert.Contains("no other worker with room", _harness.Core.LoadOf(new WorkerId(1)).RefusedToLeave, StringComparison.Ordinal);
        var next = _harness.New(1, 1, new TaskOptions { AllowedWorkers = ["worker-1"] });
        Assert.Equal(1, Assigned(_harness.Submit(next), next.Run).Target);
    }

    /// <summary>37.</summary>
    [Fact]
    public void If_the_chosen_recipient_hangs_retirement_retries_elsewhere_once_it_is_declared_dead()
    {
        Join(1);
        var result = StoredAt(1);
        Join(2);
        Join(3);
        Assert.Equal(["SendCopies 1.1 -> 2"], Lines(_harness.Apply(new DrainAsked([new WorkerId(1)], "scaled down"))));

        _harness.NowMs = LeaseMs - 1;
        Assert.Empty(_harness.Apply(_harness.Spoke(1), _harness.Spoke(3)));
        _harness.NowMs = LeaseMs;
        Assert.Equal(["Warn 0.0+0 -> 2", "DismissWorker 0.0+0 -> 2"], Lines(_harness.Apply(new ClockTicked())));
        Assert.Equal(["SendCopies 1.1 -> 3"], Lines(_harness.Apply(_harness.Spoke(1))));

        var held = _harness.Apply(_harness.Spoke(3) with { Held = [result.Run] });
        Assert.Equal([(ActionKind.StopWorker, 1)], held.Select(static action => (action.Kind, action.Target)));
    }

    /// <summary>38.</summary>
    [Fact]
    public void Gather_racing_with_a_replica_move_returns_the_value_from_the_new_holder()
    {
        Join(1);
        var result = StoredAt(1);
        Join(2);
        Assert.Equal(["TellHolders 1.1 -> 1"], Lines(_harness.Want(result.Run)));
        _harness.Apply(new DrainAsked([new WorkerId(1)], "scaled down"));
        _harness.Apply(_harness.Spoke(2) with { Held = [result.Run] });
        _harness.Lose(1, isGraceful: true);

        // The client finds nobody where it was told to look, and asks again.
        Assert.Equal(["TellHolders 1.1 -> 1"], Lines(_harness.Want(result.Run)));
        Assert.Equal(["worker-2"], _harness.Core.HoldersOf(result.First).Select(static holder => holder.Name));
    }

    private void Join(int id, long memoryLimitBytes = 0) => _harness.Apply(new WorkerJoined(
        new WorkerId(id),
        new WorkerDescription { Name = $"worker-{id}", Address = $"10.0.0.{id}:1", MemoryLimitBytes = memoryLimitBytes }));

    private Submission StoredAt(int worker, long bytes = 100_000)
    {
        var task = _harness.New(1, 1, new TaskOptions { AllowedWorkers = [$"worker-{worker}"] });
        _harness.CompleteStored(Assigned(_harness.Submit(task), task.Run), bytes);
        return task;
    }
}
